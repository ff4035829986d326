"""The values that scikit-learn gives, for the cases on standard input (JSON)."""

import json
import sys
import warnings

import numpy as np
from sklearn import metrics as m

warnings.filterwarnings("ignore")


def averaged(score, average):
    return lambda y, p, _: score(y, p, average=average, zero_division=0)


BY_NAME = {
    "accuracy": lambda y, p, _: m.accuracy_score(y, p),
    "balanced_accuracy": lambda y, p, _: m.balanced_accuracy_score(y, p),
    "iou": averaged(m.jaccard_score, "macro"),
    "mse": lambda y, p, _: m.mean_squared_error(y, p),
    "rmse": lambda y, p, _: m.root_mean_squared_error(y, p),
    "mae": lambda y, p, _: m.mean_absolute_error(y, p),
    "mape": lambda y, p, _: m.mean_absolute_percentage_error(y, p),
    "r2": lambda y, p, _: m.r2_score(y, p),
    "log_loss": lambda y, p, c: m.log_loss(y, p, labels=range(c)),
}
for average in ("macro", "micro", "weighted"):
    BY_NAME[f"precision_{average}"] = averaged(m.precision_score, average)
    BY_NAME[f"recall_{average}"] = averaged(m.recall_score, average)
    BY_NAME[f"f1_{average}"] = averaged(m.f1_score, average)


def roc_auc(y, p, classes):
    if classes == 2:
        return m.roc_auc_score(y, p[:, 1])
    return m.roc_auc_score(y, p, multi_class="ovr", average="macro", labels=range(classes))


def top_k(k):
    def score(y, p, classes):
        return m.top_k_accuracy_score(y, p, k=k, labels=range(classes))

    return score


def value(case):
    name, classes = case["metric"], case["classes"]
    y, p = np.array(case["right"]), np.array(case["got"])
    if name == "roc_auc":
        score = roc_auc
    elif name.startswith("top_"):
        score = top_k(int(name.removeprefix("top_")))
    else:
        score = BY_NAME[name]
    return float(score(y, p, classes))


json.dump([value(case) for case in json.load(sys.stdin)], sys.stdout)
