"""The study of classical models on 3D MNIST: is a set that was made here like the published one?"""

from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from pixvox.datasets.mnist3d import load_mnist3d
from pixvox_studies import common
from pixvox_studies.voxels.posted import score_pairs

# Accuracy on the published file: S. Aggarwal (2018), "3D-MNIST Image Classification".
PUBLISHED = {"k-nearest neighbours": 0.5905, "random forest": 0.685, "logistic regression": 0.582}
LOGISTIC_STEPS = 1000  # of its solver, at most: more than it needs


def measure_baseline(setting, seed, work_dir):
    """Fit a classical model to all voxels of the training rows and measure it on the test rows.

    Returns:
        dict: test_accuracy over all rows, originals and copies apart, test_right, and what was published.
    """
    (x_train, y_train), (x_test, y_test) = load_mnist3d()
    learners = {
        "k-nearest neighbours": KNeighborsClassifier(5),
        "random forest": RandomForestClassifier(500, random_state=seed),
        "logistic regression": LogisticRegression(max_iter=LOGISTIC_STEPS),
    }
    model = common.look_up(learners, setting["model"])
    model.fit(x_train.reshape(len(x_train), -1), y_train)
    right = model.predict(x_test.reshape(len(x_test), -1)) == y_test
    return {**score_pairs(right), "published": PUBLISHED[setting["model"]]}
