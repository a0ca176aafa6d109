module

public import Eigenstill.Claims.RawData.ExactStudent

set_option Elab.async false
set_option maxRecDepth 1000000

/-!
# student.safetensors: bounds proved from the raw data

Written by `eigenstill lean export` from a certificate with SHA-256 53d687afceea4991945db30c6ccae4738ba6dbd1948048e42dc6f491213d97d2.
8 rows, 2 inputs, 3 landmarks. **No operator of rank 2 is nearer to this student's operator `A` than
`|A - X Y|^2 = 2.107995e-01`; on the recorded rows no error exceeds 2.117839e-01, and their root mean square is at most 1.157944e-01.**

`Eigenstill.Claims.Study` says what the numbers mean. Every theorem here is evaluated by Lean's kernel on the numbers in this
file: change one, and the build fails at the theorem about the rows, the matrices or the sums that no longer agree.
-/

@[expose] public noncomputable section

namespace Certified

universe u

open Lean.Grind Std Eigenstill Eigenstill.Claims

attribute [local instance] Semiring.natCast Ring.intCast

-- `nat_lit 0x1f` is the natural number 31, which Lean reads sooner than it finds out what the numeral `0x1f` means.
-- Only the kernel evaluates the checks: where they fail, Lean shall not try to say why.
attribute [local irreducible] checkRows checkBlock checkSums

def ExampleRows1 : List Nat := [
    nat_lit 0x10ff8a3b5b650b445401d7b6713090049cbff7728c054,
    nat_lit 0x4447f1df915b7201018ef9be50faa0,
    nat_lit 0xdff0a87cad92c669136a0e51f34e0000000000000000,
    nat_lit 0xf12fef27f634c00cc49f3854ba7e0115990daffe8eb8,
    nat_lit 0xcc73fd648e74dc467737c8548f56007498b1084255f3,
    nat_lit 0xecc88c1c8af41030f3bbd7e6ea8af0a7468fac96f0bb,
    nat_lit 0x91f39f7c3b50dd000000000000000169dad901a8c6d8,
    nat_lit 0xf374d94ef162641047055c7c9ed10101b000a79670a8]

/-- The raw data. -/
def Example : Study where
  slot := 60
  rows := ExampleRows1
  landmarks := [
    ⟨nat_lit 0x80000000080000000073e58e6e77873fa8a883ffffffc, 0x7ee5c85a1c39fa5⟩,
    ⟨nat_lit 0x800000000800000000833d73749888a9d472800000000, 0x852d1f10871bf84⟩,
    ⟨nat_lit 0x8000000008000000008a2ecaf16800000000800000000, 0x8406e2bd294e364⟩]
  axes := [
    ⟨0x1a3bcd35a85879, 0x4546ed81c5ff2600cc3db132e71d6030ecd0d5bdcdff9, 0x0, 0, 20, ⟨nat_lit 0x8000000009e3e31919800000000800000000800000000, 0x549f1417ab2e9a0⟩⟩,
    ⟨0xcce075f6fd22000, 0x1100526f44c9fd40f12c106d219dc80ecd1f3c1196ca4, 0x0, 0, 18, ⟨nat_lit 0xb21623e00800000000800000000800000000800000000, 0x438d3417db75140⟩⟩]
  one := 2 ^ 170
  grid := 40
  metricBits := 36
  metricUnit := 30
  coefficientBits := 60
  outputUnit := 103
  teacherStep := 562949953421312
  teacherShift := -21853200544774798104209343381504
  coefficientStep := 512
  intercept := 43440417339317793767876523393675

/-- Found by floating point, which another machine may round otherwise; checked here. -/
def ExampleWitness : Witness where
  bits := 192
  mean := nat_lit 0x30fdf1ed340000030e24233ca00000b5bfbc54f500000b94e3d6e8300000c776094446
  vectorBits := 64
  modes := [
    (0x46397026ef649, nat_lit 0x7627f1fc16a23f808c0dbebe1311f40080423ac38878ae807d01c632400550807dd054d32421d3c0),
    (0x3fb0bd73bfffb, nat_lit 0x8c17d55f1795df0089a303c41f7f7c8081f0161b1c0a72a07d607d336d5752808280302a50ed0180)]
  factorBits := 44
  factor := [
    (0x2000000000000000000000, nat_lit 0x7d9468eab0380264fbf9c5848581965e081eaac2a4e289a24f21461),
    (0x2000000000000000000000, nat_lit 0x8069ad4f525824ab9245b57c3e2ae5f9d878c26ec90080000000000),
    (0x2000000000000000000000, nat_lit 0x7ffffc94eeb7ffffc9268380001e79f6b8000000000080000000000),
    (0x2000000000000000000000, nat_lit 0x8000003361480001934095800000000008000000000080000000000),
    (0x2000000000000000000000, nat_lit 0x800018f049380000000000800000000008000000000080000000000)]
  matrixShift := 27
  threshold := 25282435018433367640866082023000939520645490802688
  slack := 10671429663055095959970178776641164017664
  rest := 1361129467683753853853498429727072845824

/-- What is claimed. -/
def ExampleBounds : Bounds where
  rank := 2
  lower := 39434744689877335688032533793643632826990755046400
  tolerance := 2147743655085444703604017400693
  residual := 11031744562062416406293771350759717863738091023851178561571784

noncomputable def ExampleSums1 : Sums :=
  ⟨8, join 4096 [
    nat_lit 0x320080000003e69a61af3ea146ed6770dab000000000000031fff8e15436b27299f4f5cb5c19f7f07079c4000000000032000a75648631ed9bd6129035c021582e84940000000000320000678bdba05a52fc5cba1bdc77b6d21e40000000000032001b380efdfbb2e9630b5b354734da2cdbf0000000000000000000000000000000000000000000000000000000000031fff8e15436b27299f4f5cb5c19f7f07079c40000000000320080000001d49f8ef74267,
    nat_lit 0x6e5d46e56885bbfb0000000032000b207c55dee797e9fbf0f2b85af31a88f4640000000031ffdf5aab3333e89c63000d78150a90c28b848c0000000031fffd82e6c27ea9877e9b065baf5e6af2e6baf80000000000000000000000000000000000000000000000000000000032000a75648631ed9bd6129035c021582e8494000000000032000b207c55dee797e9fbf0f2b85af31a88f4640000000032000387114330bc3304b15f28d443cbf6d7ced80000000031fffd5a844099f1ea4c9f35058371d834e9265a000000003200016b9c970ab11d1ced591b8397c98fd86b0400000000000000000000000000000000000000000000000000000000320000678bdba05a52fc5cba1bdc77b6d21e40000000000031ffdf5aab3333e89c63000d78150a90c28b848c0000000031fffd5a844099f1ea4c9f35058371d834e9265a000000003200098dace94647eed9d1eca41c158cfd991b40000000003200000996107a420fc0f891880a101536b8b6180000000000000000000000000000000000000000000000000000000032001b380efdfbb2e9630b5b354734da2cdbf0000000000031fffd82e6c27ea9877e9b065baf5e6af2e6baf8000000003200016b9c970ab11d1ced591b8397c98fd86b04000000003200000996107a420fc0f891880a101536b8b61800000000320006722e53167d5cd339ed0ab8beb3496023a0] 0, nat_lit 0x140000000000c8588f8000000000000000000000000000001400000000005aba94b4b0000000000000000000000000001400000000001e8c60d42000000000000000000000000000140000000000000000000000000000000000000000000000140000000000000000000, nat_lit 0x187ef8f69a4000000000000000000000000000000000000018712119e5300000000000000000000000000000000000005adfde2a7ab00000000000000000000000000000000000005ca71eb7418000000000000000000000000000000000000063bb04a2230, 0, 11031744562062416406293771350759717863738091023851178561571784, 0⟩

theorem Example_rows1 : checkRows Example ExampleWitness ExampleBounds ExampleRows1 .zero ExampleSums1 = true := by decide +kernel

def ExampleTrace1 : Int := -89999614726744070969764697839645511868281736651776

theorem Example_block1 : checkBlock Example ExampleWitness ExampleSums1 0 5 ExampleTrace1 = true := by decide +kernel

/-- All rows of the matrices. -/
theorem Example_blocks : Blocks (checkBlock Example ExampleWitness ExampleSums1) 0 5 ExampleTrace1 :=
  .one Example_block1

/-- All rows. -/
theorem Example_scan : scan (frameOf Example ExampleWitness.bits ExampleWitness.mean ExampleBounds.tolerance) Example.rows .zero
    = ExampleSums1 :=
  scan_of_checkRows Example_rows1

/-- The sums over all rows, and the traces of the blocks, prove the bounds. -/
theorem Example_sums : checkSums Example ExampleWitness ExampleBounds ExampleSums1 5 ExampleTrace1 = true := by decide +kernel

/-- The operator is 8 x 5. -/
theorem Example_size : Example.size = 8 ∧ Example.columns = 5 := by decide +kernel

section
variable {K : Type u} [Field K] [LE K] [LT K] [LawfulOrderLT K] [IsLinearOrder K] [OrderedRing K]

/-- **No product `X Y` of rank 2 is nearer to the operator `A` of this student: `|A - X Y|^2 >= 2.107995e-01`**, over every
linearly ordered field. -/
theorem Example_eckartYoung (X : Mat K Example.size 2) (Y : Mat K 2 Example.columns) :
    ((39434744689877335688032533793643632826990755046400 : Nat) : K) / 2 ^ 167 ≤ frobDistSq (Example.operator K) (matMul X Y) :=
  eckartYoung_of_checks (v := ExampleBounds) Example_scan Example_blocks Example_sums (by decide +kernel) X Y

/-- **The largest error of the student on its floored basis, and the sum of its squared errors, against the recorded
teacher.** -/
theorem Example_fidelity :
    (∀ i, absVal (Example.teacher K i - Example.student K i) ≤ ((2147743655085444703604017400693 : Nat) : K) / 2 ^ 103) ∧
    normSq (fun i => Example.teacher K i - Example.student K i) = ((11031744562062416406293771350759717863738091023851178561571784 : Nat) : K) / (2 ^ 103) ^ 2 :=
  fidelity_of_checks (v := ExampleBounds) Example_scan Example_sums

/-- **The student itself, its basis not floored: no error exceeds 2.117839e-01, and the root mean square of its errors is at
most 1.157944e-01, against the recorded teacher.** -/
theorem Example_exactFidelity :
    (∀ i, absVal (Example.teacher K i - Example.exactStudent K i) ≤ ((2147743655348616533016581230965 : Nat) : K) / 2 ^ 103) ∧
    normSq (fun i => Example.teacher K i - Example.exactStudent K i) ≤ (((3321407016161535871244904399497 : Nat) : K) / 2 ^ 103) ^ 2 :=
  exactFidelity_of_checks (v := ExampleBounds) (shift := 263171829412563830272) (root := 3321407015417173530465331662498) (shiftRoot := 744362340779572736999)
    Example_scan Example_sums (by decide +kernel) (by decide +kernel) (by decide +kernel) (by decide +kernel)

end

end Certified
