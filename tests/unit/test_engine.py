"""Blocks in threads of this process: all answers, in order, with few blocks in memory; a fault ends the work."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from eigenstill.engine import Local, total
from eigenstill.errors import SpectrumError


def blas_threads():
    return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("count", [0, 1, 2, 30])
def test_answers_come_in_order(threads, count):
    def square(item):
        time.sleep(0.001 * (item % 3))
        return item * item

    assert list(Local(threads).answers(square, iter(range(count)))) == [(k, k * k) for k in range(count)]
    if count:
        assert total(Local(threads), square, range(count)) == sum(k * k for k in range(count))


def test_items_are_taken_as_they_are_worked_on():
    taken = []
    answers = Local(2).answers(lambda item: item, (taken.append(k) or k for k in range(100)))
    assert next(answers) == (0, 0)
    assert len(taken) <= 4
    answers.close()
    assert len(taken) <= 4


def test_items_come_from_the_callers_thread_and_functions_run_in_others():
    made = []
    items = (made.append(threading.current_thread()) for _ in range(9))
    ran = dict(Local(3).answers(lambda _: threading.current_thread(), items))
    assert set(made) == {threading.main_thread()}
    assert threading.main_thread() not in ran.values()


def test_each_thread_has_a_blas_of_one_thread():
    np.ones((2, 2)) @ np.ones((2, 2))
    with threadpool_limits(2, user_api="blas"):
        assert {count for _, counts in Local(2).answers(lambda _: blas_threads(), range(4)) for count in counts} == {1}
        assert set(blas_threads()) == {2}
        one = list(Local(2).answers(lambda _: blas_threads(), range(1)))  # nothing to share: BLAS may
        assert set(one[0][1]) == {2}


def test_a_fault_is_raised_and_ends_the_work():
    worked = []

    def fails(item):
        worked.append(item)
        if item == 3:
            raise SpectrumError("block 3")
        return item

    with pytest.raises(SpectrumError, match="block 3"):
        list(Local(2).answers(fails, range(1000)))
    assert len(worked) < 20
    assert threading.active_count() < 20
