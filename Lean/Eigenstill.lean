/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Algebra.Sum
public import Eigenstill.Algebra.Matrix
public import Eigenstill.Algebra.Psd
public import Eigenstill.Theory.WeakDuality
public import Eigenstill.Theory.EckartYoung
public import Eigenstill.Theory.MinMax
public import Eigenstill.Theory.Shrinkage
public import Eigenstill.Theory.Distillation
public import Eigenstill.Theory.Energy
public import Eigenstill.Theory.Gcv
public import Eigenstill.Theory.Global
public import Eigenstill.Theory.Box
public import Eigenstill.Theory.Binomial
public import Eigenstill.Theory.FutureRows
public import Eigenstill.Exact.Dyadic
public import Eigenstill.Claims.Certificate
public import Eigenstill.Claims.RawData.ExactStudent
public import Eigenstill.Instances.Spectral
public import Eigenstill.Claims.Future.Sound
public import Eigenstill.Format.Float64Sound
public import Eigenstill.Claims.Sound.Operator
public import Eigenstill.Claims.Sound.Compression
public import Eigenstill.Claims.Sound.Fidelity
public import Eigenstill.Claims.Sound.FidelityRows
public import Eigenstill.Claims.Sound.Evaluation
public import Eigenstill.Claims.Sound.Read
public import Eigenstill.Claims.Sound.Metric
public import Eigenstill.Claims.Sound.Accepted
public import Eigenstill.Claims.Sound.AcceptedSpectrum
public import Eigenstill.Claims.Sound.AcceptedEnergy
public import Eigenstill.Claims.Sound.AcceptedMetric
public import Eigenstill.Claims.Sound.AcceptedTolerance
public import Eigenstill.Claims.Sound.AcceptedCloser
public import Eigenstill.Claims.Sound.AcceptedInterval
public import Eigenstill.Claims.Sound.AcceptedRidge
public import Eigenstill.Claims.Sound.AcceptedDiagnosis
public import Eigenstill.Claims.Sound.AcceptedFile
public import Eigenstill.Claims.Sound.Spectrum
public import Eigenstill.Claims.Sound.Shrinkage
public import Eigenstill.Claims.Sound.Gcv
public import Eigenstill.Claims.Sound.EnergyCheck
public import Eigenstill.Claims.Sound.Diagnosis
public import Eigenstill.Claims.Sound.Global
public import Eigenstill.Instances.Selection
public import Eigenstill.Instances.Future
public import Eigenstill.Instances.Box

/-!
# Eigenstill: the map of the library

Lean core only, no Mathlib. Every theorem holds over every linearly ordered field, so over the rationals and the reals.

* `Algebra.Sum`: finite sums, absolute values, quotients. `Algebra.Matrix`: vectors, matrices, quadratic forms, nearly
  orthonormal families. `Algebra.Psd`: what a finite computation proves positive semidefinite.
* `Theory.WeakDuality`: lower bounds on the error of every rank-`r` approximation, from one certificate.
  `Theory.EckartYoung`: the error of the stored modes, captured energy, and the classical theorem from exact singular data.
* `Theory.MinMax`: enclosures of the eigenvalues, none missed.
* `Theory.Shrinkage`: the filter `l / (l + a)`, ridge regression, and how far from its least objective a `w` can be.
* `Theory.Distillation`: error of the distilled form, best modes, overfitting as excess modes, compression.
* `Theory.Energy`: what a choice of modes can hold of a vector, from row sums of their Gram matrix.
* `Theory.Gcv`: the choice of the ridge, certified on a bracket.
* `Theory.Global`: range, rounding and slopes of the formula at every input.
* `Theory.Box`: range, expansion and slopes of the formula over a box; rectifiers between two bounds.
* `Theory.Binomial`: tails of the binomial distribution, from natural numbers. `Theory.FutureRows`: what a sample of
  independent rows says of rows that nobody has seen; `Claims.Future`: that the checker's counts prove it.
* `Exact`: packed rows and matrices. `Claims.RawData`: from the raw data of a student to the bound and the fidelity, for
  Lean's kernel; what `eigenstill lean export` writes rests on it.
* `Format.Ieee754`, `Format.Float64Sound`: what 64 bits mean, and that the decoder gives it. `Exact.Value`: dyadic rationals in
  a field.
* `Claims.Sound`: that what the executable checks compute is so. `Statement` and the files `...Statement` say what;
  `Compression`, `FromRows`, `Metric`, `FidelityRows`, `Evaluation`, `Spectrum`, `Shrinkage`, `Gcv`, `EnergyCheck`, `Diagnosis`,
  `Global`, `Tolerance`, `Closer` and `Interval` prove it, `Read` that what is read has the shapes they need, the files `Accepted...` that recorded numbers are the
  computed ones and so hold of the certificate's own rows; the other files are about the kernel, the pass over the rows, loops,
  packed rows, products, sorting and roundings.
* `Instances`: every one of these with numbers, over the rationals.

Names say conclusion and hypothesis (`eckartYoung_ranks`, `psd_of_factor`). `docs/theory.md` has the table of results.
-/
