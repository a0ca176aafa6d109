/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Exact.Spread

/-!
# A packed row moved to wider slots

`restride_eq`: **`restride s b n x` holds the lowest `n` slots of `x`, of `s` bits, in slots of `b` bits.** All slots move at
once: the upper half of the row by one shift, then the upper half of each half, and so on. Slot by slot would take the
kernel long: it finds numbers by their lowest 64 bits, and a row of which many slots are equal passes through thousands of
numbers that agree in them.
-/

open Lean.Grind Std

@[expose] public section

namespace Eigenstill.Exact

/-- The lowest `i` slots of `x`, moved from `s` to `b` bits one by one, below what `acc` holds already. -/
def restrideFrom (s b x : Nat) : Nat → Nat → Nat
  | 0, acc => acc
  | i + 1, acc =>
    force (Nat.add (Nat.shiftLeft acc b) (Nat.land (Nat.shiftRight x (Nat.mul s i)) (Nat.sub (Nat.pow 2 s) 1))) fun acc =>
      restrideFrom s b x i acc

/-- Of `count` blocks of `2 h` slots of `s` bits, `2 h b` bits apart, the upper halves move up: blocks of `h` slots, `h b`
bits apart. -/
def halveBlocks (s b h count x : Nat) : Nat :=
  force (Nat.land x (Nat.mul (ones (Nat.mul b (Nat.mul h 2)) count) (Nat.sub (Nat.pow 2 (Nat.mul s h)) 1))) fun low =>
    Nat.add low (Nat.shiftLeft (Nat.sub x low) (Nat.mul (Nat.sub b s) h))

/-- `count` blocks of `2^levels` slots of `s` bits, halved until each holds one slot. -/
def restrideBlocks (s b : Nat) : Nat → Nat → Nat → Nat
  | 0, _, x => x
  | levels + 1, count, x =>
    force (halveBlocks s b (Nat.pow 2 levels) count x) fun x => force (Nat.mul count 2) fun count =>
      restrideBlocks s b levels count x

/-- The `n` slots of `x`, moved from `s` to `b` bits. A slot below them, dropped in the end, tells different rows apart. -/
def restride (s b n x : Nat) : Nat :=
  match Nat.blt s b with
  | true =>
    force (Nat.land (Nat.mod x 4294967291) (Nat.sub (Nat.pow 2 s) 1)) fun tag =>
    force (Nat.add (Nat.shiftLeft (Nat.land x (Nat.sub (Nat.pow 2 (Nat.mul s n)) 1)) s) tag) fun x =>
      Nat.shiftRight (restrideBlocks s b (Nat.succ (Nat.log2 (Nat.succ n))) 1 x) b
  | false => restrideFrom s b x n 0

/-! ## Packed rows cut and paired -/

theorem pack_pairs (B : Int) (n : Nat) (e : Nat → Int) :
    pack B (n * 2) e = pack (B ^ 2) n fun i => e (i * 2) + B * e (i * 2 + 1) := by
  induction n with
  | zero => rfl
  | succ n ih =>
    rw [show (n + 1) * 2 = n * 2 + 1 + 1 by omega, pack_succ, pack_succ, pack_succ, ih, ← Int.pow_mul, Nat.mul_comm 2 n,
      show B ^ (n * 2 + 1) = B ^ (n * 2) * B from Int.pow_succ _ _]
    generalize B ^ (n * 2) = P
    generalize (pack (B ^ 2) n fun i => e (i * 2) + B * e (i * 2 + 1)) = q
    grind

/-- The lowest `q` bits of every slot. -/
theorem land_ones {w q n x : Nat} {y : Nat → Nat} (hw : 0 < w) (hq : q ≤ w) (hx : (x : Int) = pack (base w) n fun i => y i)
    (hy : ∀ i, i < n → y i < 2 ^ w) :
    (Nat.land x (Nat.mul (ones w n) (Nat.sub (Nat.pow 2 q) 1)) : Int) = pack (base w) n fun i => (y i % 2 ^ q : Nat) := by
  have hp : 0 < 2 ^ q := Nat.two_pow_pos q
  have hle : 2 ^ q ≤ 2 ^ w := Nat.pow_le_pow_right (by omega) hq
  have hm : ((Nat.mul (ones w n) (Nat.sub (Nat.pow 2 q) 1) : Nat) : Int) = pack (base w) n fun _ => ((2 ^ q - 1 : Nat) : Int) := by
    show ((ones w n * (2 ^ q - 1) : Nat) : Int) = _
    rw [Int.natCast_mul, ones_eq hw, Int.mul_comm, ← pack_mul]; simp
  have hmd := digit_of_pack hm fun i _ => by rw [base_eq]; omega
  have hxd := digit_of_pack hx fun i hi => by have := hy i hi; rw [base_eq]; omega
  have hS : Nat.land x (Nat.mul (ones w n) (Nat.sub (Nat.pow 2 q) 1)) < 2 ^ (w * n) :=
    Nat.lt_of_le_of_lt Nat.and_le_right (pack_lt hm fun i _ => by rw [base_eq]; omega)
  rw [pack_digit w n _ hS]
  refine pack_congr fun i hi => ?_
  have h1 := hmd i hi
  have h2 := hxd i hi
  rw [digit_land, show digit w (Nat.mul (ones w n) (Nat.sub (Nat.pow 2 q) 1)) i = 2 ^ q - 1 by omega,
    show digit w x i = y i by omega, Nat.and_two_pow_sub_one_eq_mod]

/-! ## What moving does -/

theorem halveBlocks_eq {s b h n x : Nat} {y : Nat → Nat} (hb : 0 < b) (hs : s ≤ b) (hh : 0 < h)
    (hx : (x : Int) = pack (base (b * (h * 2))) n fun i => y i) (hy : ∀ i, i < n → y i < 2 ^ (s * (h * 2))) :
    (halveBlocks s b h n x : Int) = pack (base (b * h)) (n * 2) fun j =>
      ((if j % 2 = 0 then y (j / 2) % 2 ^ (s * h) else y (j / 2) / 2 ^ (s * h) : Nat) : Int) := by
  have hw : 0 < b * (h * 2) := Nat.mul_pos hb (by omega)
  have hbh : s * h ≤ b * h := Nat.mul_le_mul_right h hs
  have hq : s * h ≤ b * (h * 2) := by have := Nat.mul_le_mul_left b (show h ≤ h * 2 by omega); omega
  have hlow := land_ones hw hq hx fun i hi =>
    Nat.lt_of_lt_of_le (hy i hi) (Nat.pow_le_pow_right (by omega) (Nat.mul_le_mul_right _ hs))
  have hle : Nat.land x (Nat.mul (ones (b * (h * 2)) n) (Nat.sub (Nat.pow 2 (s * h)) 1)) ≤ x := Nat.and_le_left
  unfold halveBlocks
  simp only [force_eq, shiftLeft_eq]
  show ((Nat.land x (Nat.mul (ones (b * (h * 2)) n) (Nat.sub (Nat.pow 2 (s * h)) 1))
    + (x - Nat.land x (Nat.mul (ones (b * (h * 2)) n) (Nat.sub (Nat.pow 2 (s * h)) 1))) * 2 ^ ((b - s) * h) : Nat) : Int) = _
  generalize Nat.land x (Nat.mul (ones (b * (h * 2)) n) (Nat.sub (Nat.pow 2 (s * h)) 1)) = low at *
  rw [Int.natCast_add, Int.natCast_mul, Int.natCast_sub hle, hlow, hx, ← pack_sub, Int.mul_comm, ← pack_mul, ← pack_add, pack_pairs,
    show base (b * h) ^ 2 = base (b * (h * 2)) by unfold base; rw [← Int.pow_mul, Nat.mul_assoc]]
  refine pack_congr fun i _ => ?_
  rw [if_pos (by omega), if_neg (by omega), show i * 2 / 2 = i by omega, show (i * 2 + 1) / 2 = i by omega]
  have h1 : ((2 ^ ((b - s) * h) : Nat) : Int) * ((2 ^ (s * h) : Nat) : Int) = base (b * h) := by
    rw [← Int.natCast_mul, ← Nat.pow_add, ← Nat.add_mul, Nat.sub_add_cancel hs, base_eq]
  have h2 := congrArg (fun v : Nat => (v : Int)) (Nat.mod_add_div (y i) (2 ^ (s * h)))
  dsimp only at h2 ⊢
  rw [Int.natCast_add, Int.natCast_mul] at h2
  rw [← h1, ← h2]
  generalize ((2 ^ ((b - s) * h) : Nat) : Int) = u; generalize ((2 ^ (s * h) : Nat) : Int) = v
  generalize ((y i % 2 ^ (s * h) : Nat) : Int) = l; generalize ((y i / 2 ^ (s * h) : Nat) : Int) = t
  grind

theorem restrideBlocks_eq {s b : Nat} (hb : 0 < b) (hs : s ≤ b) : ∀ (k n x : Nat) (y : Nat → Nat),
    (x : Int) = pack (base (b * 2 ^ k)) n (fun i => y i) → (∀ i, i < n → y i < 2 ^ (s * 2 ^ k)) →
    (restrideBlocks s b k n x : Int) = pack (base b) (n * 2 ^ k) fun j => (digit s (y (j / 2 ^ k)) (j % 2 ^ k) : Nat)
  | 0, n, x, y, hx, hy => by
    rw [Nat.pow_zero, Nat.mul_one] at hx
    rw [restrideBlocks, Nat.pow_zero, Nat.mul_one, hx]
    refine pack_congr fun j hj => ?_
    have h1 := hy j hj
    rw [Nat.pow_zero, Nat.mul_one] at h1
    rw [Nat.div_one, Nat.mod_one, digit_zero, Nat.mod_eq_of_lt h1]
  | k + 1, n, x, y, hx, hy => by
    rw [Nat.pow_succ] at hx hy
    have hk : 0 < 2 ^ k := Nat.two_pow_pos k
    have h1 := halveBlocks_eq hb hs hk hx hy
    simp only [restrideBlocks, force_eq]
    show (restrideBlocks s b k (n * 2) (halveBlocks s b (2 ^ k) n x) : Int) = _
    rw [restrideBlocks_eq hb hs k (n * 2) _ _ h1 fun j hj => ?_]
    · rw [Nat.pow_succ, show n * 2 * 2 ^ k = n * (2 ^ k * 2) by rw [Nat.mul_assoc, Nat.mul_comm 2]]
      refine pack_congr fun j _ => ?_
      rw [← Nat.div_div_eq_div_mul, Nat.mod_mul]
      have hr : j % 2 ^ k < 2 ^ k := Nat.mod_lt _ hk
      rcases Nat.mod_two_eq_zero_or_one (j / 2 ^ k) with h2 | h2
      · rw [if_pos h2, h2, Nat.mul_zero, Nat.add_zero, digit_low hr]
      · rw [if_neg (by omega), h2, Nat.mul_one, digit_shift, Nat.add_comm]
    · have h2 : y (j / 2) < 2 ^ (s * 2 ^ k) * 2 ^ (s * 2 ^ k) := by
        have := hy (j / 2) (by omega)
        rwa [show s * (2 ^ k * 2) = s * 2 ^ k + s * 2 ^ k by rw [← Nat.mul_assoc]; omega, Nat.pow_add] at this
      by_cases h3 : j % 2 = 0
      · rw [if_pos h3]; exact Nat.mod_lt _ (Nat.two_pow_pos _)
      · rw [if_neg h3]; exact Nat.div_lt_of_lt_mul h2

theorem restrideFrom_eq (s b x : Nat) : ∀ i acc, (restrideFrom s b x i acc : Int)
    = acc * (base b) ^ i + pack (base b) i fun j => digit s x j := by
  intro i
  induction i with
  | zero => intro acc; rw [restrideFrom, pack_zero]; simp
  | succ i ih =>
    intro acc
    have h1 : Nat.add (Nat.shiftLeft acc b) (Nat.land (Nat.shiftRight x (Nat.mul s i)) (Nat.sub (Nat.pow 2 s) 1))
        = acc * 2 ^ b + digit s x i := by
      rw [land_mask, shiftRight_eq, shiftLeft_eq]; rfl
    rw [restrideFrom, force_eq, h1, ih, pack_succ, Int.pow_succ, Int.natCast_add, Int.natCast_mul, ← base_eq]
    generalize base b ^ i = P; generalize (pack (base b) i fun j => (digit s x j : Int)) = q
    grind

theorem restrideBlocks_one {s b n x : Nat} (hs : s < b) (hx : x < 2 ^ (s * n)) :
    (restrideBlocks s b (n.log2 + 1) 1 x : Int) = pack (base b) n fun j => digit s x j := by
  have hn : n < 2 ^ (n.log2 + 1) := Nat.lt_log2_self
  rw [restrideBlocks_eq (by omega) (by omega) (n.log2 + 1) 1 _ (fun _ => x) (by rw [pack_succ, pack_zero]; simp)
    fun _ _ => Nat.lt_of_lt_of_le hx (Nat.pow_le_pow_right (by omega) (Nat.mul_le_mul_left s (by omega)))]
  rw [Nat.one_mul]
  obtain ⟨m, hm⟩ : ∃ m, 2 ^ (n.log2 + 1) = n + m := ⟨2 ^ (n.log2 + 1) - n, by omega⟩
  rw [hm, pack_append]
  have h1 : pack (base b) m (fun j => (digit s x ((n + j) % (n + m)) : Int)) = pack (base b) m fun _ => 0 * 0 := by
    refine pack_congr fun j hj => ?_
    rw [Nat.mod_eq_of_lt (show n + j < n + m by omega), ← digit_shift, Nat.div_eq_of_lt hx]
    unfold digit; simp
  rw [h1, pack_mul, Int.zero_mul, Int.mul_zero, Int.add_zero]
  exact pack_congr fun j hj => by rw [Nat.mod_eq_of_lt (show j < n + m by omega)]

/-- **The `n` slots of `x`, in slots of `b` bits.** -/
theorem restride_eq (s b n x : Nat) : (restride s b n x : Int) = pack (base b) n fun j => digit s x j := by
  unfold restride
  cases hsb : Nat.blt s b with
  | false => dsimp only; rw [restrideFrom_eq]; simp
  | true =>
    have hlt : s < b := Nat.le_of_ble_eq_true hsb
    simp only [force_eq, land_mask, shiftLeft_eq, shiftRight_eq]
    rw [show Nat.mul s n = s * n from rfl]
    have ht : Nat.mod x 4294967291 % 2 ^ s < 2 ^ s := Nat.mod_lt _ (Nat.two_pow_pos s)
    generalize Nat.mod x 4294967291 % 2 ^ s = t at *
    have hx : x % 2 ^ (s * n) < 2 ^ (s * n) := Nat.mod_lt _ (Nat.two_pow_pos _)
    have hlow : ∀ j, j < n → digit s (x % 2 ^ (s * n)) j = digit s x j := fun j hj => digit_low hj
    generalize x % 2 ^ (s * n) = y at *
    show ((restrideBlocks s b ((n + 1).log2 + 1) 1 (y * 2 ^ s + t) / 2 ^ b : Nat) : Int) = _
    have hy : y * 2 ^ s + t < 2 ^ (s * (n + 1)) := by
      rw [Nat.mul_succ, Nat.pow_add]
      have := Nat.mul_le_mul_right (2 ^ s) (show y + 1 ≤ 2 ^ (s * n) by omega)
      rw [Nat.add_mul] at this; omega
    have hdiv : (y * 2 ^ s + t) / 2 ^ s = y := by
      rw [Nat.add_comm, Nat.add_mul_div_right _ _ (Nat.two_pow_pos s), Nat.div_eq_of_lt ht, Nat.zero_add]
    rw [Int.natCast_ediv, restrideBlocks_one hlt hy, pack_head, ← base_eq]
    have h0 := digit_lt s (y * 2 ^ s + t) 0
    have hle : 2 ^ s ≤ 2 ^ b := Nat.pow_le_pow_right (by omega) (by omega)
    have hb := base_eq b
    rw [Int.add_mul_ediv_left _ _ (by have := base_pos b; omega), Int.ediv_eq_zero_of_lt (by omega) (by omega), Int.zero_add]
    exact pack_congr fun j hj => by rw [← digit_div, hdiv, hlow j hj]

end Eigenstill.Exact
