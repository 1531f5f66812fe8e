"""The same job as `kelvin train`, by LightGBM: three folds with early stopping, then a fit to all rows with the mean of the rounds.

Usage: lightgbm_folds.py LEADS.csv DELIMITER TARGET POSITIVE COLUMN_TO_LEAVE_OUT THREADS
"""

import csv
import sys

import lightgbm
import numpy

file, delimiter, target, positive, without, threads = sys.argv[1:]
with open(file, newline="") as lines:
    names, *rows = csv.reader(lines, delimiter=delimiter)
columns, categories = [], []
for place, name in enumerate(names):
    if name in (target, without):
        continue
    texts = [row[place] for row in rows]
    try:
        columns.append([float(text) for text in texts])
    except ValueError:
        codes = {text: code for code, text in enumerate(sorted(set(texts) - {"", "unknown"}))}
        categories.append(len(columns))
        columns.append([codes.get(text, numpy.nan) for text in texts])
known = numpy.array(columns).T
came = numpy.array([row[names.index(target)] == positive for row in rows], float)
settings = {"objective": "binary", "learning_rate": 0.05, "verbose": -1, "num_threads": int(threads), "seed": 1}


def data(rows, reference=None):
    return lightgbm.Dataset(known[rows], came[rows], categorical_feature=categories, reference=reference)


def fold(part):
    taught = data(parts != part)
    stop = lightgbm.early_stopping(40, verbose=False)
    held_out = data(parts == part, taught)
    return lightgbm.train(settings, taught, 1000, valid_sets=[held_out], callbacks=[stop]).best_iteration


parts = numpy.random.default_rng(1).integers(0, 3, len(came))
rounds = int(numpy.mean([fold(part) for part in range(3)]))
lightgbm.train(settings, data(parts >= 0), rounds).save_model("/dev/stdout")
