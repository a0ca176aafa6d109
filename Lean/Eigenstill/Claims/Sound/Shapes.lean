/-
Copyright (c) 2026 The eigenstill authors.
Released under Apache 2.0 license as described in the file LICENSE.
-/
module

public import Eigenstill.Claims.Certificate

/-!
# The shapes of a certificate

What FORMAT.md section 2 says of lengths: with `d` scales, `m` landmarks, `c` outputs, and `r = m + d` columns with the linear term,
`r = m` without.
-/

@[expose] public section

namespace Eigenstill.Claims

/-- The shapes of a model, that it is not too large to speak of roundings, and that its scales are above 0. -/
structure ModelShapes (basis : Basis) (model : Model) : Prop where
  few : model.landmarks.length + 2 * model.scales.length + 7 < 2 ^ 53
  positive : ∀ scale ∈ model.scales, 0 < scale.mantissa
  landmarks : ∀ landmark ∈ model.landmarks, landmark.length = model.scales.length
  coefficients : model.coefficients.length = model.landmarks.length
  coefficientRows : ∀ row ∈ model.coefficients, row.length = model.intercept.length
  offsets : model.offsets.length = if basis.linear then model.scales.length else 0
  exponents : basis.linearExponents.length = model.offsets.length
  weights : model.weights.length = model.offsets.length
  weightRows : ∀ row ∈ model.weights, row.length = model.intercept.length
  metric : model.metric.length = model.landmarks.length
  metricRows : ∀ row ∈ model.metric, row.length = model.landmarks.length
  linearMetric : model.linearMetric.length = model.offsets.length
  excess : model.excess.length = model.eigenvectors.length
  eigenvectors : ∀ row ∈ model.eigenvectors, row.length = model.landmarks.length + model.offsets.length
  factor : model.factor.length = model.landmarks.length + model.offsets.length
  factorRows : ∀ row ∈ model.factor, row.length = model.landmarks.length + model.offsets.length

/-- The shapes of the rows of one split, of which there is at least one. -/
structure RowShapes (model : Model) (rows : Rows) : Prop where
  nonempty : 0 < rows.inputs.length
  inputs : ∀ row ∈ rows.inputs, row.length = model.scales.length
  teacher : rows.teacher.length = rows.inputs.length
  teacherRows : ∀ row ∈ rows.teacher, row.length = model.intercept.length
  predictions : rows.predictions.length = rows.inputs.length
  predictionRows : ∀ row ∈ rows.predictions, row.length = model.intercept.length
  labels : ∀ labels, rows.labels = some labels → labels.length = rows.inputs.length
  labelRows : ∀ labels, rows.labels = some labels → ∀ row ∈ labels, row.length = model.intercept.length

/-- The shapes of a certificate. -/
structure Certificate.Shaped (certificate : Certificate) : Prop where
  model : ModelShapes certificate.basis certificate.model
  train : RowShapes certificate.model certificate.train
  holdout : ∀ rows, certificate.holdout = some rows → RowShapes certificate.model rows

end Eigenstill.Claims
