import Lake
open Lake DSL

package eigenstill

-- The worked instances are part of the library, and theorems: what builds, holds.
@[default_target, test_driver]
lean_lib Eigenstill where
  srcDir := "Lean"
  globs := #[.andSubmodules `Eigenstill]

-- The checker: `lake exe eigenstill-check CERT...`.
lean_exe «eigenstill-check» where
  srcDir := "Lean"
  root := `Main
