/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Exec.Kernel
public import Eigenstill.Claims.Sound.Products
public import Eigenstill.Claims.Sound.Sorting

/-!
# Absolute differences from sorted landmarks

`steps_eq`: the packed row of `|x - z_j|`, from the signs of `x - z_j`, which depend only on how many of the `z_j` are at most `x`.
-/

open Lean.Grind Std

@[expose] public noncomputable section

namespace Eigenstill.Claims.Exec

open Exact (base base_pos base_eq pack_congr pack_add pack_mul)

/-! ### Sums over lists -/

/-- `Σ f` over the entries of a list. -/
def sumOver {α : Type} (f : α → Int) : List α → Int
  | [] => 0
  | x :: xs => f x + sumOver f xs

theorem sumOver_perm {α : Type} (f : α → Int) {xs ys : List α} (h : xs.Perm ys) : sumOver f xs = sumOver f ys := by
  induction h with
  | nil => rfl
  | cons x _ ih => rw [sumOver, sumOver, ih]
  | swap x y xs => rw [sumOver, sumOver, sumOver, sumOver]; omega
  | trans _ _ h1 h2 => rw [h1, h2]

theorem sumOver_append {α : Type} (f : α → Int) (xs ys : List α) : sumOver f (xs ++ ys) = sumOver f xs + sumOver f ys := by
  induction xs with
  | nil => rw [List.nil_append]; show _ = 0 + _; rw [Int.zero_add]
  | cons x xs ih => rw [List.cons_append, sumOver, sumOver, ih, Int.add_assoc]

theorem sumOver_congr {α : Type} {f g : α → Int} {xs : List α} (h : ∀ x ∈ xs, f x = g x) : sumOver f xs = sumOver g xs := by
  induction xs with
  | nil => rfl
  | cons x xs ih => rw [sumOver, sumOver, h x List.mem_cons_self, ih fun y hy => h y (List.mem_cons_of_mem _ hy)]

theorem sumOver_add {α : Type} (f g : α → Int) (xs : List α) :
    sumOver (fun x => f x + g x) xs = sumOver f xs + sumOver g xs := by
  induction xs with
  | nil => rfl
  | cons x xs ih => rw [sumOver, sumOver, sumOver, ih]; omega

theorem sumOver_mul {α : Type} (c : Int) (f : α → Int) (xs : List α) : sumOver (fun x => c * f x) xs = c * sumOver f xs := by
  induction xs with
  | nil => exact (Int.mul_zero c).symm
  | cons x xs ih => rw [sumOver, sumOver, ih, Int.mul_add]

/-- Entries with their places. -/
def placed (zs : List Int) : List (Int × Nat) := List.zipWith (fun z slot => (z, slot)) zs (List.range zs.length)

/-- **A packed row as a sum over its entries in any order.** -/
theorem sumOver_placed (B : Int) (g : Int → Int) (zs : List Int) :
    sumOver (fun entry => g entry.1 * B ^ entry.2) (placed zs) = Exact.pack B zs.length fun j => g (at0 zs j) := by
  have walk : ∀ (zs : List Int) (k : Nat), sumOver (fun entry => g entry.1 * B ^ entry.2)
      (List.zipWith (fun z slot => (z, slot)) zs ((List.range zs.length).map fun i => i + k))
      = B ^ k * Exact.pack B zs.length fun j => g (at0 zs j) := by
    intro zs
    induction zs with
    | nil => intro k; exact (Int.mul_zero _).symm
    | cons z zs ih =>
      intro k
      rw [List.length_cons, List.range_succ_eq_map, List.map_cons, List.map_map, List.zipWith_cons_cons, sumOver, Exact.pack_head]
      have shift : (List.range zs.length).map ((fun i => i + k) ∘ Nat.succ) = (List.range zs.length).map fun i => i + (k + 1) :=
        List.map_congr_left fun i _ => by show i + 1 + k = _; omega
      rw [shift, ih (k + 1), Int.mul_add, Int.pow_succ, Nat.zero_add, Int.mul_comm (B ^ k) (g (at0 (z :: zs) 0)), Int.mul_assoc]
      rfl
  have h := walk zs 0
  rw [Int.pow_zero, Int.one_mul] at h
  rw [← h]
  unfold placed
  congr 2
  exact (List.map_id _).symm

/-! ### The steps of one coordinate -/

/-- The values after each of the entries. -/
def running {α : Type} (f : α → Int) : Int → List α → List Int
  | _, [] => []
  | start, x :: xs => (start + f x) :: running f (start + f x) xs

theorem getD_running {α : Type} (f : α → Int) (start : Int) (xs : List α) {t : Nat} (h : t ≤ xs.length) :
    (start :: running f start xs).getD t 0 = start + sumOver f (xs.take t) := by
  induction xs generalizing start t with
  | nil =>
    rw [List.length_nil] at h
    rw [show t = 0 by omega]; exact (Int.add_zero start).symm
  | cons x xs ih =>
    cases t with
    | zero => exact (Int.add_zero start).symm
    | succ t =>
      rw [List.length_cons] at h
      rw [List.getD_cons_succ, running, ih (start + f x) (by omega), List.take_succ_cons, sumOver, Int.add_assoc]

private theorem shiftLeft_slot (k : Int) (slot w : Nat) : Dyadic.shiftLeft k (slot * w) = k * base w ^ slot := by
  unfold Dyadic.shiftLeft
  rw [show Nat.shiftLeft 1 (slot * w) = 1 <<< (slot * w) from rfl, Nat.shiftLeft_eq, Nat.one_mul, Nat.mul_comm slot w, Nat.pow_mul,
    base_eq, ← Int.natCast_pow]; rfl

theorem stepsFrom_spec (w : Nat) (order : List (Int × Nat)) (sign shift : Int) (values signs shifts : Array Int) :
    (stepsFrom w order sign shift values signs shifts).values.toList = values.toList ++ order.map Prod.fst ∧
    (stepsFrom w order sign shift values signs shifts).signs.toList
      = signs.toList ++ running (fun entry => 2 * base w ^ entry.2) sign order ∧
    (stepsFrom w order sign shift values signs shifts).shifts.toList
      = shifts.toList ++ running (fun entry => 2 * entry.1 * base w ^ entry.2) shift order := by
  induction order generalizing sign shift values signs shifts with
  | nil =>
    rw [show stepsFrom w [] sign shift values signs shifts = ⟨values, signs, shifts⟩ from rfl]
    exact ⟨(List.append_nil _).symm, (List.append_nil _).symm, (List.append_nil _).symm⟩
  | cons entry order ih =>
    obtain ⟨z, slot⟩ := entry
    have h := ih (sign + Dyadic.shiftLeft 2 (slot * w)) (shift + Dyadic.shiftLeft (2 * z) (slot * w)) (values.push z)
      (signs.push (sign + Dyadic.shiftLeft 2 (slot * w))) (shifts.push (shift + Dyadic.shiftLeft (2 * z) (slot * w)))
    rw [Array.toList_push, Array.toList_push, Array.toList_push, List.append_assoc, List.append_assoc, List.append_assoc,
      List.singleton_append, List.singleton_append, List.singleton_append] at h
    rw [show stepsFrom w ((z, slot) :: order) sign shift values signs shifts
      = stepsFrom w order (sign + Dyadic.shiftLeft 2 (slot * w)) (shift + Dyadic.shiftLeft (2 * z) (slot * w)) (values.push z)
        (signs.push (sign + Dyadic.shiftLeft 2 (slot * w))) (shifts.push (shift + Dyadic.shiftLeft (2 * z) (slot * w))) from rfl,
      List.map_cons, running, running]
    dsimp only
    rw [← shiftLeft_slot, ← shiftLeft_slot]
    exact h

/-- **How many of increasing values are at most `x`.** -/
theorem countAtMost_spec (values : Array Int) (x : Int)
    (sorted : ∀ i j, i ≤ j → j < values.size → values.getD i 0 ≤ values.getD j 0) (fuel low high : Nat)
    (enough : high ≤ low + fuel) (top : high ≤ values.size) (order : low ≤ high)
    (below : ∀ i, i < low → values.getD i 0 ≤ x) (above : ∀ i, high ≤ i → i < values.size → x < values.getD i 0) :
    countAtMost values x fuel low high ≤ values.size ∧ (∀ i, i < countAtMost values x fuel low high → values.getD i 0 ≤ x) ∧
      ∀ i, countAtMost values x fuel low high ≤ i → i < values.size → x < values.getD i 0 := by
  induction fuel generalizing low high with
  | zero =>
    rw [show countAtMost values x 0 low high = low from rfl]
    exact ⟨by omega, below, fun i h => above i (by omega)⟩
  | succ fuel ih =>
    rw [show countAtMost values x (fuel + 1) low high = if high ≤ low then low
      else if values.getD ((low + high) / 2) 0 ≤ x then countAtMost values x fuel ((low + high) / 2 + 1) high
      else countAtMost values x fuel low ((low + high) / 2) from rfl]
    split
    · exact ⟨by omega, below, fun i h => above i (by omega)⟩
    · split
      · next le =>
        refine ih _ _ (by omega) top (by omega) (fun i h => ?_) above
        exact Int.le_trans (sorted i ((low + high) / 2) (by omega) (by omega)) le
      · next gt =>
        refine ih _ _ (by omega) (by omega) (by omega) below (fun i h hi => ?_)
        exact Int.lt_of_lt_of_le (by omega) (sorted ((low + high) / 2) i (by omega) hi)

private theorem getD_toList (values : Array Int) (i : Nat) : values.getD i 0 = values.toList.getD i 0 := by
  rw [Array.getD_eq_getD_getElem?, List.getD_eq_getElem?_getD, Array.getElem?_toList]

private theorem negatives_eq (xs : List Int) : negatives xs = xs.map fun x => -x := by
  have walk : ∀ (xs done : List Int), negatives.walk xs done = done.reverse ++ xs.map fun x => -x := by
    intro xs
    induction xs with
    | nil => intro done; rw [negatives.walk, turned_eq, List.map_nil, List.append_nil]
    | cons x xs ih => intro done; rw [negatives.walk, ih, List.map_cons, List.reverse_cons, List.append_assoc, List.singleton_append]
  unfold negatives; rw [walk, List.reverse_nil, List.nil_append]

/-- **The packed row of the absolute differences of `x` from some numbers.** -/
theorem steps_eq {w : Nat} (hw : 0 < w) (zs : List Int) (x : Int) {below : Nat}
    (hb : below = countAtMost (stepsOf w (Int.ofNat (ones zs.length w)) zs).values x
      ((stepsOf w (Int.ofNat (ones zs.length w)) zs).values.size + 1) 0 (stepsOf w (Int.ofNat (ones zs.length w)) zs).values.size) :
    (stepsOf w (Int.ofNat (ones zs.length w)) zs).signs.getD below 0 * x - (stepsOf w (Int.ofNat (ones zs.length w)) zs).shifts.getD below 0
      = Exact.pack (base w) zs.length fun j => ((x - at0 zs j).natAbs : Int) := by
  obtain ⟨perm, sortedPairs⟩ := sorted_spec (below := fun a b : Int × Nat => decide (a.1 < b.1)) (le := fun a b => a.1 ≤ b.1)
    (fun a b h => Int.le_of_lt (of_decide_eq_true h)) (fun a b h => by
      have h1 : ¬ b.1 < a.1 := fun h2 => h (decide_eq_true h2)
      show a.1 ≤ b.1
      omega) (fun a b c h1 h2 => Int.le_trans h1 h2) (placed zs)
  have unfolded : stepsOf w (Int.ofNat (ones zs.length w)) zs = stepsFrom w
      (sorted (fun a b : Int × Nat => decide (a.1 < b.1)) (placed zs)) (-Int.ofNat (ones zs.length w))
      (pack w (zs.map fun z => -z)) #[] #[-Int.ofNat (ones zs.length w)] #[pack w (zs.map fun z => -z)] := by
    unfold stepsOf placed
    dsimp only
    rw [zipped_eq, numbersBelow_eq, sizeOf'_eq, negatives_eq]
  rw [unfolded] at hb ⊢
  generalize sorted (fun a b : Int × Nat => decide (a.1 < b.1)) (placed zs) = order at *
  obtain ⟨h1, h2, h3⟩ := stepsFrom_spec w order (-Int.ofNat (ones zs.length w)) (pack w (zs.map fun z => -z)) #[]
    #[-Int.ofNat (ones zs.length w)] #[pack w (zs.map fun z => -z)]
  generalize stepsFrom w order (-Int.ofNat (ones zs.length w)) (pack w (zs.map fun z => -z)) #[]
    #[-Int.ofNat (ones zs.length w)] #[pack w (zs.map fun z => -z)] = steps at *
  rw [List.nil_append] at h1
  rw [show (#[-Int.ofNat (ones zs.length w)] : Array Int).toList = [-Int.ofNat (ones zs.length w)] from rfl, List.singleton_append] at h2
  rw [show (#[pack w (zs.map fun z => -z)] : Array Int).toList = [pack w (zs.map fun z => -z)] from rfl, List.singleton_append] at h3
  have size : steps.values.size = order.length := by rw [← Array.length_toList, h1, List.length_map]
  have value : ∀ i, i < order.length → steps.values.getD i 0 = (order.getD i (0, 0)).1 := by
    intro i hi
    rw [getD_toList, h1, getD_below _ (by rw [List.length_map]; exact hi), List.getElem_map, getD_below _ hi]
  have increasing : ∀ i j, i ≤ j → j < steps.values.size → steps.values.getD i 0 ≤ steps.values.getD j 0 := by
    intro i j hij hj
    rw [size] at hj
    rw [value i (by omega), value j hj]
    by_cases e : i = j
    · rw [e]; exact Int.le_refl _
    · rw [getD_below _ (by omega), getD_below _ hj]
      exact List.pairwise_iff_getElem.mp sortedPairs i j (by omega) hj (by omega)
  obtain ⟨few, low, high⟩ := countAtMost_spec steps.values x increasing (steps.values.size + 1) 0 steps.values.size (by omega)
    (Nat.le_refl _) (Nat.zero_le _) (fun i h => absurd h (Nat.not_lt_zero i)) (fun i h h' => by omega)
  rw [← hb] at few low high
  clear hb
  rw [size] at few high
  rw [getD_toList, getD_toList, h2, h3, getD_running _ _ _ few, getD_running _ _ _ few]
  -- the packed row of `z_j - x`, as a sum over the landmarks in order
  have start : -Int.ofNat (ones zs.length w) * x - pack w (zs.map fun z => -z)
      = sumOver (fun entry => (entry.1 - x) * base w ^ entry.2) order := by
    rw [sumOver_perm _ perm, sumOver_placed (base w) (fun z => z - x) zs, pack_eq, List.length_map,
      show (Int.ofNat (ones zs.length w) : Int) = (ones zs.length w : Int) from rfl, ones_eq hw]
    have e1 := pack_mul (base w) zs.length (-x) fun _ => 1
    have e2 : Exact.pack (base w) zs.length (at0 (zs.map fun z => -z)) = -1 * Exact.pack (base w) zs.length (at0 zs) := by
      rw [← pack_mul]
      refine pack_congr fun j hj => ?_
      rw [at0, getD_below _ (by rw [List.length_map]; exact hj), List.getElem_map, at0, getD_below _ hj]; omega
    have e3 : Exact.pack (base w) zs.length (fun j => at0 zs j - x)
        = Exact.pack (base w) zs.length (at0 zs) + Exact.pack (base w) zs.length fun j => -x * 1 := by
      rw [← pack_add]; exact pack_congr fun j _ => by omega
    rw [e3, e1, e2]
    generalize Exact.pack (base w) zs.length (fun _ => 1) = u
    generalize Exact.pack (base w) zs.length (at0 zs) = v
    grind
  have goal : sumOver (fun entry : Int × Nat => ((x - entry.1).natAbs : Int) * base w ^ entry.2) order
      = Exact.pack (base w) zs.length fun j => ((x - at0 zs j).natAbs : Int) := by
    rw [sumOver_perm _ perm, sumOver_placed (base w) (fun z => ((x - z).natAbs : Int)) zs]
  rw [← goal]
  have parts : ∀ f : Int × Nat → Int, sumOver f order = sumOver f (order.take below) + sumOver f (order.drop below) := fun f => by
    rw [← sumOver_append, List.take_append_drop]
  have first : ∀ entry ∈ order.take below, entry.1 ≤ x := by
    intro entry he
    obtain ⟨i, hi, rfl⟩ := List.getElem_of_mem he
    rw [List.length_take] at hi
    have h4 := low i (by omega)
    rw [value i (by omega), getD_below _ (by omega)] at h4
    rw [List.getElem_take]; exact h4
  have second : ∀ entry ∈ order.drop below, x < entry.1 := by
    intro entry he
    obtain ⟨i, hi, rfl⟩ := List.getElem_of_mem he
    rw [List.length_drop] at hi
    have h4 := high (below + i) (by omega) (by omega)
    rw [value (below + i) (by omega), getD_below _ (by omega)] at h4
    rw [List.getElem_drop]; exact h4
  have s1 : sumOver (fun entry => (entry.1 - x) * base w ^ entry.2) order
      = sumOver (fun entry => (entry.1 - x) * base w ^ entry.2) (order.take below)
        + sumOver (fun entry => (entry.1 - x) * base w ^ entry.2) (order.drop below) := parts _
  have s2 : sumOver (fun entry : Int × Nat => ((x - entry.1).natAbs : Int) * base w ^ entry.2) (order.take below)
      = sumOver (fun entry => (entry.1 - x) * base w ^ entry.2) (order.take below)
        + (x * sumOver (fun entry => 2 * base w ^ entry.2) (order.take below)
          + -1 * sumOver (fun entry => 2 * entry.1 * base w ^ entry.2) (order.take below)) := by
    rw [← sumOver_mul, ← sumOver_mul, ← sumOver_add, ← sumOver_add]
    refine sumOver_congr fun entry he => ?_
    have := first entry he
    rw [show ((x - entry.1).natAbs : Int) = x - entry.1 by omega]
    generalize base w ^ entry.2 = p
    grind
  have s3 : sumOver (fun entry : Int × Nat => ((x - entry.1).natAbs : Int) * base w ^ entry.2) (order.drop below)
      = sumOver (fun entry => (entry.1 - x) * base w ^ entry.2) (order.drop below) := by
    refine sumOver_congr fun entry he => ?_
    have := second entry he
    rw [show ((x - entry.1).natAbs : Int) = entry.1 - x by omega]
  rw [parts fun entry : Int × Nat => ((x - entry.1).natAbs : Int) * base w ^ entry.2, s2, s3]
  rw [s1] at start
  generalize sumOver (fun entry => 2 * base w ^ entry.2) (order.take below) = a at *
  generalize sumOver (fun entry : Int × Nat => 2 * entry.1 * base w ^ entry.2) (order.take below) = b at *
  generalize Int.ofNat (ones zs.length w) = u at *
  generalize pack w (zs.map fun z => -z) = v at *
  generalize sumOver (fun entry : Int × Nat => (entry.1 - x) * base w ^ entry.2) (order.take below) = c at *
  generalize sumOver (fun entry : Int × Nat => (entry.1 - x) * base w ^ entry.2) (order.drop below) = d at *
  clear goal s1 s2 s3 parts first second value increasing low high sortedPairs perm h1 h2 h3
  grind

end Eigenstill.Claims.Exec
