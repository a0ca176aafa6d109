"""The three changes made to the registry's lean.js, each of one expression that must occur exactly once.

* A symbol is looked up in a map. The program asks for about ten thousand symbols while it starts, and each time builds
  the list of all names and walks along it: 125 s for every file. The replacement returns what the search returned.
* The folders it may see are named in the environment (`FOLDERS_VARIABLE`, a JSON list of absolute paths). As published
  it sees /home and /tmp only, so a checkout or a cache anywhere else does not exist for it.
* Standard input is read through its number, and a read ends with what one system call gave. Naming `process.stdin`
  makes a pipe non-blocking, and then an empty pipe is an error ("hardware fault") instead of a wait; and as published a
  read asks for more until 1,024 bytes are there, so a command would wait for the next one.
"""

from __future__ import annotations

from eigenstill.lean.errors import ToolchainError

FOLDERS_VARIABLE = "EIGENSTILL_LEAN_FOLDERS"

PATCHES = {
    "symbol look-up": (
        "newSymIndex=Object.keys(lib.exports).indexOf(symbol)",
        "newSymIndex=(lib.eigenstillSymbols??="
        "new Map(Object.keys(lib.exports).map((name,index)=>[name,index]))).get(symbol)??-1",
    ),
    "folder list": (
        'FS.mount(NODEFS,{root:"/home"},"/home");FS.mount(NODEFS,{root:"/tmp"},"/tmp");',
        f'for(const root of JSON.parse(process.env["{FOLDERS_VARIABLE}"]))'
        "{FS.mkdirTree(root);FS.mount(NODEFS,{root},root)}",
    ),
    "standard input": (
        "var fd=process.stdin.fd;",
        "if(FS_stdin_getChar.filled){FS_stdin_getChar.filled=false;return null}FS_stdin_getChar.filled=true;var fd=0;",
    ),
}


def patch_program(program: str) -> str:
    """Apply all changes to the text of lean.js.

    Raises
    ------
    ToolchainError : an expression does not occur exactly once, so this is not the program that the patch was made for.
    """
    for what, (old, new) in PATCHES.items():
        count = program.count(old)
        if count != 1:
            raise ToolchainError(
                f"lean.js: its {what} occurs {count} times, need exactly 1; this is not the pinned build, nothing was installed"
            )
        program = program.replace(old, new)
    return program
