/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Format.Contents

/-!
# What is read has the shapes that were asked for

Tensors as lists: so many entries, so many rows of so many entries.
-/

@[expose] public noncomputable section

namespace Eigenstill.Format

/-- The steps of a computation that gives a value. -/
theorem bind_ok {ε α β : Type} {first : Except ε α} {next : α → Except ε β} {result : β} (h : (first >>= next) = Except.ok result) :
    ∃ value, first = Except.ok value ∧ next value = Except.ok result := by
  cases first with
  | error refusal => cases h
  | ok value => exact ⟨value, rfl, h⟩

namespace ArrayFile

private theorem length_integersBack (bytes : ByteArray) (count stop : Nat) (read : List Int) :
    (integersBack bytes count stop read).length = count + read.length := by
  induction count generalizing stop read with
  | zero => exact (Nat.zero_add _).symm
  | succ count ih =>
    rw [show integersBack bytes (count + 1) stop read
      = integersBack bytes count (stop - 8) (int64 (bits64 bytes (stop - 8)) :: read) from rfl, ih, List.length_cons]
    omega

private theorem length_floatsBack (bytes : ByteArray) (count stop : Nat) (read : List Dyadic) (bad : Option Nat) :
    (floatsBack bytes count stop read bad).1.length = count + read.length := by
  induction count generalizing stop read bad with
  | zero => exact (Nat.zero_add _).symm
  | succ count ih =>
    rw [show floatsBack bytes (count + 1) stop read bad = (match float64? (bits64 bytes (stop - 8)) with
      | some value => floatsBack bytes count (stop - 8) (value :: read) bad
      | none => floatsBack bytes count (stop - 8) (Dyadic.zero :: read) (some (stop - 8))) from rfl]
    generalize float64? (bits64 bytes (stop - 8)) = value
    cases value with
    | none => exact (ih _ _ _).trans (by rw [List.length_cons]; omega)
    | some value => exact (ih _ _ _).trans (by rw [List.length_cons]; omega)

private theorem integerRowsBack_spec (bytes : ByteArray) (width rows stop : Nat) (read : List (List Int))
    (h : ∀ row ∈ read, row.length = width) : (integerRowsBack bytes width rows stop read).length = rows + read.length ∧
      ∀ row ∈ integerRowsBack bytes width rows stop read, row.length = width := by
  induction rows generalizing stop read with
  | zero => exact ⟨(Nat.zero_add _).symm, h⟩
  | succ rows ih =>
    rw [show integerRowsBack bytes width (rows + 1) stop read = integerRowsBack bytes width rows (stop - 8 * width)
      (integersBack bytes width stop [] :: read) from rfl]
    obtain ⟨h1, h2⟩ := ih (stop - 8 * width) (integersBack bytes width stop [] :: read) (fun row hr => by
      rcases List.mem_cons.mp hr with rfl | hr
      · rw [length_integersBack]; rfl
      · exact h row hr)
    exact ⟨by rw [h1, List.length_cons]; omega, h2⟩

private theorem floatRowsBack_spec (bytes : ByteArray) (width rows stop : Nat) (read : List (List Dyadic)) (bad : Option Nat)
    (h : ∀ row ∈ read, row.length = width) : (floatRowsBack bytes width rows stop read bad).1.length = rows + read.length ∧
      ∀ row ∈ (floatRowsBack bytes width rows stop read bad).1, row.length = width := by
  induction rows generalizing stop read bad with
  | zero => exact ⟨(Nat.zero_add _).symm, h⟩
  | succ rows ih =>
    have first := length_floatsBack bytes width stop [] bad
    rw [show floatRowsBack bytes width (rows + 1) stop read bad = floatRowsBack bytes width rows (stop - 8 * width)
      ((floatsBack bytes width stop [] bad).1 :: read) (floatsBack bytes width stop [] bad).2 from rfl]
    generalize floatsBack bytes width stop [] bad = pair at *
    obtain ⟨row, bad⟩ := pair
    obtain ⟨h1, h2⟩ := ih (stop - 8 * width) (row :: read) bad (fun other hr => by
      rcases List.mem_cons.mp hr with rfl | hr
      · exact first
      · exact h other hr)
    exact ⟨by rw [h1, List.length_cons]; omega, h2⟩

private theorem finite_ok {α : Type} {file : ArrayFile} {tensor : Tensor} {read : α × Option Nat} {values : α}
    (h : file.finite tensor read = Except.ok values) : values = read.1 := by
  obtain ⟨value, bad⟩ := read
  cases bad with
  | none => exact (Except.ok.inj h).symm
  | some bad => unfold finite malformed at h; cases h

variable {file : ArrayFile} {name : String}

theorem length_floats {count : Nat} {values : List Dyadic} (h : file.floats name count = Except.ok values) : values.length = count := by
  unfold floats at h
  obtain ⟨tensor, _, h⟩ := bind_ok h
  have e := finite_ok h
  rw [e, length_floatsBack, List.length_nil, Nat.add_zero]

theorem length_integers {count : Nat} {values : List Int} (h : file.integers name count = Except.ok values) : values.length = count := by
  unfold integers at h
  obtain ⟨tensor, _, h⟩ := bind_ok h
  have e := Except.ok.inj h
  rw [← e, length_integersBack, List.length_nil, Nat.add_zero]

theorem floatRows_shape {rows width : Nat} {values : List (List Dyadic)} (h : file.floatRows name rows width = Except.ok values) :
    values.length = rows ∧ ∀ row ∈ values, row.length = width := by
  unfold floatRows at h
  obtain ⟨tensor, _, h⟩ := bind_ok h
  have e := finite_ok h
  have shape := floatRowsBack_spec file.bytes width rows (tensor.start + 8 * rows * width) [] none
    fun row hr => absurd hr List.not_mem_nil
  rw [← e, List.length_nil, Nat.add_zero] at shape
  exact shape

theorem integerRows_shape {rows width : Nat} {values : List (List Int)} (h : file.integerRows name rows width = Except.ok values) :
    values.length = rows ∧ ∀ row ∈ values, row.length = width := by
  unfold integerRows at h
  obtain ⟨tensor, _, h⟩ := bind_ok h
  have e := Except.ok.inj h
  have shape := integerRowsBack_spec file.bytes width rows (tensor.start + 8 * rows * width) []
    fun row hr => absurd hr List.not_mem_nil
  rw [e, List.length_nil, Nat.add_zero] at shape
  exact shape

end ArrayFile

theorem allPositive_iff {values : List Dyadic} (h : allPositive values = true) : ∀ value ∈ values, 0 < value.mantissa := by
  induction values with
  | nil => intro value hv; exact absurd hv List.not_mem_nil
  | cons first rest ih =>
    unfold allPositive at h
    rw [Bool.and_eq_true] at h
    intro value hv
    rcases List.mem_cons.mp hv with rfl | hv
    · exact of_decide_eq_true h.1
    · exact ih h.2 value hv

/-- A count between bounds. -/
theorem requireCount_ok {file what : String} {got low high : Nat} (h : requireCount file what got low high = Except.ok ()) :
    low ≤ got ∧ got ≤ high := by
  unfold requireCount at h
  split at h
  · next within =>
    rw [Bool.and_eq_true] at within
    exact ⟨of_decide_eq_true within.1, of_decide_eq_true within.2⟩
  · unfold malformed at h; cases h

theorem append_eq {α : Type} (first second : List α) : append first second = first ++ second := by
  have back : ∀ (xs ys : List α), append.move xs ys = xs.reverse ++ ys := by
    intro xs
    induction xs with
    | nil => intro ys; rfl
    | cons x xs ih => intro ys; rw [append.move, ih, List.reverse_cons, List.append_assoc, List.singleton_append]
  have turned : ∀ xs : List α, backwards xs = xs.reverse := by
    intro xs
    show backwards.turn xs [] = _
    have walk : ∀ (xs ys : List α), backwards.turn xs ys = xs.reverse ++ ys := by
      intro xs
      induction xs with
      | nil => intro ys; rfl
      | cons x xs ih => intro ys; rw [backwards.turn, ih, List.reverse_cons, List.append_assoc, List.singleton_append]
    rw [walk, List.append_nil]
  unfold append
  rw [turned, back, List.reverse_reverse]

end Eigenstill.Format
