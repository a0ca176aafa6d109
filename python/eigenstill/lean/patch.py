"""The changes made to the registry's Lean when it is installed: to its start-up script and to its machine code.

Of `lean.js`, expressions that must occur exactly once (`EXPRESSIONS`):

* A symbol is looked up in a map, and a symbol's number in a list, both made once. The program asks for about ten thousand
  symbols while it starts, and each time builds the list of all names and walks along it: 125 s for every file. The
  replacement returns what the search returned.
* The folders it may see are named in the environment (`FOLDERS_VARIABLE`, a JSON list of absolute paths). As published
  it sees /home and /tmp only, so a checkout or a cache anywhere else does not exist for it.
* Standard input is read through its number, and a read ends with what one system call gave. Naming `process.stdin`
  makes a pipe non-blocking, and then an empty pipe is an error ("hardware fault") instead of a wait; and as published a
  read asks for more until 1,024 bytes are there, so a command would wait for the next one.
* A line is written whole. Its pipes do not block, so as published a line of more than 64 KB is cut where the pipe is full,
  and where the reader is slower than Lean the next line ends the process (EAGAIN).
* Its own exports are looked up where they are. As published each of five threads copies all of them into two tables, for
  native libraries that might be loaded later and would ask for them: half of the time of a start. This Lean can load no
  native library, before or after the change.

and the names of exports that nothing in it reads: 201,000 variables and as many assignments, 88 of its 89 MB, which each
of five threads compiles, runs and holds. What looks a function up by name asks the exports themselves, as before.

Of `lean.wasm`:

* How long the main thread sleeps at a time while it waits for another thread. It does the file-system calls of all threads
  between two sleeps, and importing core alone makes thousands: with a tenth of a millisecond instead of a whole one that
  takes a second instead of five.
* A compiled function is exported twice, for calls with plain and with boxed values (`l_f` and `l_f___boxed`). The
  interpreter, which alone looks functions up, takes the boxed one where there is one: the 76,000 others are no exports any
  more. Every thread makes an object of each export when it starts.
"""

from __future__ import annotations

import re
import struct

from eigenstill.lean.errors import ToolchainError
from eigenstill.lean.webassembly import without_exports

FOLDERS_VARIABLE = "EIGENSTILL_LEAN_FOLDERS"

EXPRESSIONS = {
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
    "output": (
        'defaultPrint=(...args)=>fs.writeSync(1,args.map(stringify).join(" ")+"\\n");'
        'defaultPrintErr=(...args)=>fs.writeSync(2,args.map(stringify).join(" ")+"\\n")',
        "const writeLine=(number,args)=>{"
        'const line=Buffer.from(args.map(stringify).join(" ")+"\\n");'
        "for(let written=0;written<line.length;){try{written+=fs.writeSync(number,line,written)}"
        'catch(error){if(error.code!="EAGAIN")throw error;'
        "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)),0,0,1)}}};"
        "defaultPrint=(...args)=>writeLine(1,args);defaultPrintErr=(...args)=>writeLine(2,args)",
    ),
    "numbered symbol": (
        "var symName=Object.keys(symDict)[symbolIndex];",
        "var symName=(lib.eigenstillNames??=Object.keys(symDict))[symbolIndex];",
    ),
    "copy of exports": (
        'mergeLibSymbols(wasmExports,"main");',
        "for(const name of Object.keys(wasmImports))"
        "{if(!isSymbolDefined(name)&&name in wasmExports)wasmImports[name]=wasmExports[name]}"
        "wasmImports.main=wasmImports.__main_argc_argv=wasmExports.main??wasmExports.__main_argc_argv;",
    ),
    "symbols of the program": ('newDSO("__main__",0,wasmImports)', 'newDSO("__main__",0,wasmExports)'),
    "resolved symbol": (
        "if(isSymbolDefined(symName)){sym=wasmImports[symName]}else",
        "if(isSymbolDefined(symName)){sym=wasmImports[symName]}"
        "else if(wasmExports&&symName in wasmExports){sym=wasmExports[symName]}else",
    ),
    "table of addresses": (
        'GOT[symName]??=new WebAssembly.Global({value:"i32",mutable:true});GOT[symName].value=newValue',
        "if(GOT[symName])GOT[symName].value=newValue",
    ),
}

NAMES_ALONE = "names of exports alone"
EXPORTS = "function assignWasmExports(wasmExports){"
_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_ASSIGNMENT = re.compile(r'([\w$]+)=Module\["[\w$]+"\]=(?:([\w$]+)=)?wasmExports\["[\w$]+"\](?:\.value)?')


def _instruction(number: float) -> bytes:
    """`f64.const` of WebAssembly."""
    return b"\x44" + struct.pack("<d", number)


def _sleep(milliseconds: float, local: int) -> bytes:
    """`local = main_thread ? milliseconds : 100`, where the flag is in that local variable."""
    get, select, set_ = b"\x20", b"\x1b", b"\x21"
    return _instruction(milliseconds) + _instruction(100.0) + get + bytes([local]) + select + set_


SLEEPS = {
    "timed sleep": (_sleep(1.0, 2), _sleep(0.1, 2)),
    "sleep": (_sleep(1.0, 3), _sleep(0.1, 3)),
}


def patch_program(program: str) -> str:
    """Apply all changes to the text of lean.js.

    Raises
    ------
    ToolchainError : an expression does not occur exactly once, or the exports are not assigned as expected, so this is
        not the program that the patch was made for.
    """
    for what, (old, new) in EXPRESSIONS.items():
        _occurs_once("lean.js", what, program.count(old))
        program = program.replace(old, new)
    return _without_unread_exports(program)


def patch_machine_code(code: bytes) -> bytes:
    """Apply the changes to lean.wasm.

    Raises
    ------
    ToolchainError : a sequence of instructions does not occur exactly once, or the exports cannot be read.
    """
    for what, (old, new) in SLEEPS.items():
        _occurs_once("lean.wasm", what, code.count(old))
        code = code.replace(old, new)
    try:
        return without_exports(code, _has_boxed_twin)
    except ValueError as error:
        raise _unexpected("lean.wasm", str(error), "a module with its exports") from error


def _has_boxed_twin(names: set[bytes], name: bytes) -> bool:
    return name.startswith(b"l_") and name + b"___boxed" in names


def _without_unread_exports(program: str) -> str:
    """The script without variables for exports that no other part of it names."""
    _occurs_once("lean.js", "list of exports", program.count(EXPORTS))
    function = program.index(EXPORTS)
    end = program.find("}", function)
    variables = program.rfind("var ", 0, function)
    if end < 0 or variables < 0 or program[function - 1] != ";":
        raise _unexpected("lean.js", "its list of exports has no variables before it", NAMES_ALONE)
    assignments = program[function + len(EXPORTS) : end].split(";")
    names = program[variables + len("var ") : function - 1].split(",")
    read = set(_WORD.findall(program[:variables])) | set(_WORD.findall(program[end:]))
    kept = []
    for assignment in assignments:
        match = _ASSIGNMENT.fullmatch(assignment)
        if match is None:
            raise _unexpected("lean.js", f"its list of exports holds {assignment[:60]!r}", NAMES_ALONE)
        if not read.isdisjoint(match.groups()):
            kept.append(assignment)
    if strange := next((name for name in names if not _WORD.fullmatch(name)), None):
        raise _unexpected("lean.js", f"the variables of its exports hold {strange[:60]!r}", NAMES_ALONE)
    declared = ",".join(name for name in names if name in read)
    return f"{program[:variables]}var {declared};{EXPORTS}{';'.join(kept)}{program[end:]}"


def _occurs_once(file: str, what: str, count: int) -> None:
    if count != 1:
        raise ToolchainError(
            f"{file}: its {what} occurs {count} times, need exactly 1; this is not the pinned build, nothing was installed"
        )


def _unexpected(file: str, what: str, need: str) -> ToolchainError:
    return ToolchainError(f"{file}: {what}, need {need}; this is not the pinned build, nothing was installed")
