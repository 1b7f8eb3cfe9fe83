"""What the checks on embeddings say to right and wrong answers."""

from collections import Counter

import numpy as np
from support.exercise_answers import RIGHT, make_test

from pixvox.exercises import embeddings as exercises


def neighbours_of(vectors, neighbours, distance=None, itself=False):
    for i, vector in enumerate(vectors):
        apart = [
            np.linalg.norm(vector - other) if distance is None else distance(vector, other)
            for other in vectors
        ]
        yield i, [j for j in np.argsort(apart) if itself or j != i][:neighbours]


def near_alike(vectors, labels, neighbours, **settings):
    found = neighbours_of(vectors, neighbours, **settings)
    return np.mean([np.mean(labels[near] == labels[i]) for i, near in found])


def majority(vectors, labels, neighbours):
    found = neighbours_of(vectors, neighbours)
    return np.mean([Counter(sorted(labels[near])).most_common(1)[0][0] == labels[i] for i, near in found])


def city_block(one, other):
    return np.abs(one - other).sum()


def cosine(one, other):
    return 1 - one @ other / np.linalg.norm(one) / np.linalg.norm(other)


def at_once(vectors, labels, neighbours):
    squares = (vectors**2).sum(axis=1)
    distances = squares[:, None] + squares[None] - 2 * vectors @ vectors.T
    nearest = distances.argsort(axis=1)[:, 1 : neighbours + 1]
    return (labels[nearest] == labels[:, None]).mean(dtype=np.float32)


test_each_answer_is_told_what_it_should_be = make_test(
    {
        exercises.check_near_alike: [
            (near_alike, RIGHT),
            (at_once, RIGHT),
            (lambda *case: near_alike(*case, itself=True), "its own neighbour"),
            (lambda *case: near_alike(*case, distance=city_block), "Euclidean"),
            (lambda *case: near_alike(*case, distance=cosine), "Euclidean"),
            (majority, "every neighbour"),
            (lambda *case: 100 * near_alike(*case), "from 0 to 1"),
            (lambda *case: 0.5, "the vector itself"),
        ],
    }
)
