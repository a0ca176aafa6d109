import Lake
open Lake DSL

package eigenstill

-- The worked instances are part of the library, and theorems: what builds, holds.
@[default_target, test_driver]
lean_lib Eigenstill where
  srcDir := "Lean"
  globs := #[.andSubmodules `Eigenstill]

-- Models exported from certificates (`eigenstill lean export`): a number changed in one of them, and the build fails.
@[default_target]
lean_lib Certified where
  srcDir := "Lean"
  globs := #[.submodules `Certified]

-- The checker: `lake exe eigenstill-check CERT...`.
lean_exe «eigenstill-check» where
  srcDir := "Lean"
  root := `Main
