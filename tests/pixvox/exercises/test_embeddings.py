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


def kept_variance(vectors, components, centre=True, root=False):
    centred = vectors - vectors.mean(axis=0) if centre else vectors
    variances = np.sort(np.linalg.eigvalsh(centred.T @ centred))[::-1]
    variances = np.sqrt(np.abs(variances)) if root else variances
    return variances[:components].sum() / variances.sum()


def means_without(vectors):
    return np.array([np.delete(vectors, row, axis=0).mean(axis=0) for row in range(len(vectors))])


test_each_answer_is_told_what_it_should_be = make_test(
    {
        exercises.check_by_chance: [
            (lambda n, k: k / (n - 1), RIGHT),
            (lambda n, k: k / n, "not its own neighbour"),
            (lambda n, k: 100 * k / (n - 1), "from 0 to 1"),
            (lambda n, k: k * k / (n - 1), "share of k"),
            (lambda n, k: 1 / n, "which?"),
        ],
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
        exercises.check_kept_variance: [
            (kept_variance, RIGHT),
            (lambda *case: kept_variance(*case, centre=False), "Take off each column"),
            (lambda *case: kept_variance(*case, root=True), "the square"),
            (lambda *case: 1 - kept_variance(*case), "next ones keep"),
            (lambda *case: kept_variance(*case) - kept_variance(case[0], case[1] - 1), "alone"),
            (lambda *case: 0.5, "square, and add up"),
        ],
        exercises.check_means_without: [
            (means_without, RIGHT),
            (lambda vectors: (len(vectors) * vectors.mean(axis=0) - vectors) / (len(vectors) - 1), RIGHT),
            (lambda vectors: np.array([vectors.mean(axis=0)] * len(vectors)), "take its part out"),
            (lambda vectors: (vectors.sum(axis=0) - vectors) / len(vectors), "divide by n - 1"),
            (lambda vectors: vectors.mean(axis=0) - vectors, "an nth of it"),
            (lambda vectors: vectors.sum(axis=1), "shape"),
            (lambda vectors: vectors, "the sum of the others"),
        ],
        exercises.check_p_value: [
            (lambda true, scores: np.mean(np.append(scores, true) >= true), RIGHT),
            (lambda true, scores: np.mean(scores >= true), "never 0"),
            (lambda true, scores: np.sum(scores >= true) / (len(scores) + 1), "Above and below"),
            (lambda true, scores: (np.sum(scores > true) + 1) / (len(scores) + 1), "equal scores count"),
            (lambda true, scores: (np.sum(scores < true) + 1) / (len(scores) + 1), "do worse"),
            (lambda true, scores: 0.5, "How many of all orders"),
        ],
    }
)
