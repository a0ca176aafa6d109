"""Certificates with the claims beyond the profile: accepted ones, and the two from which rejected ones depart."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from support.drafts import Draft
from support.ridges import with_further

from .accepted import clustered, duplicate_rows, plain, predicted


@lru_cache
def _twelve() -> Draft:
    return with_further(plain(26).prove([1, 2], modes=5), 2)


def twelve() -> Draft:
    """All twelve claims: 8 rows, 2 inputs, 3 landmarks, linear term, all 5 modes stored and 2 kept; robust GCV."""
    return _twelve().copy()


def mode_missing() -> Draft:
    """Four of five modes stored; a ridge so large that the fifth matters little to GCV, on a narrow bracket."""
    return with_further(plain(32).prove([1, 2], modes=4), 2, ridge=30.0, spread=1.004)


def several_outputs() -> Draft:
    """The labels of the second output do not vary, nor does the teacher's third."""
    draft = plain(34, outputs=3, rows=10, landmarks=4, linear=False, kernel="rational-l1")
    for row, teacher, label in zip(
        range(10), draft.tensors["train.teacher"], draft.tensors["train.labels"], strict=True
    ):
        teacher[2], label[1] = 0.5, -1.25
        if row < 3:
            draft.tensors["holdout.teacher"][row][2] = 0.5
    return with_further(draft.prove([1, 2], modes=4), 3, criterion="gcv", counts=[1, 2, 3])


def ridge_at_an_eigenvalue() -> Draft:
    """The ridge inside the interval of the second eigenvalue: one or two modes stand above it."""
    draft = plain(35, labels=False).prove([1, 2], modes=5)
    low, high = draft.further_reference().intervals(draft.threshold)[1]
    return with_further(draft, 2, ridge=float((low + high) / 2))


def nothing_above_the_ridge() -> Draft:
    return with_further(plain(36, kernel="rational-l1").prove([1], modes=5), 5, ridge=2.0**40, spread=2.0)


def sharded_further() -> Draft:
    draft = with_further(plain(37, rows=9).prove([1, 2], modes=5), 4, criterion="gcv")
    draft.shards = [(4, 1), (5, 2)]
    return draft


def coefficients_of_every_size() -> Draft:
    """What float32 makes of them: ties to even both ways, denormal numbers, half the least one, and just more."""
    draft = with_further(plain(38, rows=9, landmarks=7, linear=False).prove([1], modes=7), 1, criterion=None)
    sizes = (
        1 + 2.0**-24,
        -1 - 3 * 2.0**-24,
        2.0**-150,
        -(2.0**-149) * 1.5,
        2.0**-150 + 2.0**-200,
        2.0**-1074,
        (2 - 2.0**-30) * 2.0**126,
    )
    draft.tensors["coefficients"] = [[size] for size in sizes]
    return predicted(draft)


def without(draft: Draft, *claims: str) -> Draft:
    """The draft without some claims beyond the profile, and without the tensors that only they need."""
    for name in claims:
        draft.further.pop(name, None)
    needed = {"solution": {"shrinkage"}, "ridge_edges": {"gcv"}, "ridge_trials": {"gcv"}}
    needed["ridge"] = {"shrinkage", "gcv", "diagnosis"}
    for tensor, users in needed.items():
        if not users & draft.further.keys():
            draft.tensors.pop(tensor, None)
    return draft


TWELVE: dict[str, Callable[[], Draft]] = {
    "twelve": twelve,
    "twelve_l1": lambda: with_further(plain(22, kernel="rational-l1").prove([1, 2], modes=5), 3, criterion="gcv"),
    "twelve_two_columns": lambda: with_further(plain(16, inputs=1, landmarks=1).prove([1], modes=2), 1),
    "twelve_two_outputs": lambda: with_further(plain(33, outputs=2, rows=12).prove([3], modes=5), 5),
    "twelve_mode_missing": mode_missing,
    "twelve_shards": sharded_further,
    "twelve_nothing_above_the_ridge": nothing_above_the_ridge,
    "further_several_outputs": several_outputs,
    "further_no_labels": lambda: with_further(plain(13, labels=False).prove([2], modes=5), 2),
    "further_ridge_at_an_eigenvalue": ridge_at_an_eigenvalue,
    "further_coefficients_of_every_size": coefficients_of_every_size,
    "further_clustered": lambda: with_further(clustered().prove([1, 2], modes=4), 4, criterion=None),
    "further_duplicate_rows": lambda: with_further(duplicate_rows().prove([2], modes=4), 2, criterion=None),
    "further_without_ridge": lambda: without(twelve(), "shrinkage", "gcv", "diagnosis"),
    "further_gcv_alone": lambda: without(twelve(), "spectrum", "shrinkage", "energy", "diagnosis", "global"),
}
