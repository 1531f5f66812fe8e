"""`kelvin train` beside four libraries of boosted trees as they come: how well each predicts who was not learned from, and how long it learned.

Rows are split as the data's readme says. The libraries keep their own settings; a fifth of the rows that teach tells them when to stop,
where they can be told. Their seconds are those of learning alone; Kelvin's are of the whole command, from the file to the model on disk.

Usage: boosters.py KELVIN LEADS_FOLDER
"""

import csv
import hashlib
import pathlib
import subprocess
import sys
import tempfile
import time

import catboost
import interpret.glassbox
import lightgbm
import numpy
import pandas
import sklearn.metrics
import sklearn.model_selection
import xgboost

THREADS = 2
PATIENCE = 50
SHOPPERS = {
    "file": "online_shoppers.csv",
    "delimiter": ",",
    "target": ("Revenue", "1"),
    "codes": ["OperatingSystems", "Browser", "Region", "TrafficType"],
    "missing": [],
}
TASKS = {
    "bank": {
        "file": "bank-additional-full.csv",
        "delimiter": ";",
        "target": ("y", "yes"),
        "without": ["duration"],
        "codes": [],
        "missing": ["unknown"],
    },
    "shoppers": {**SHOPPERS, "without": []},
    "shoppers without PageValues": {**SHOPPERS, "without": ["PageValues"]},
    "deals": {
        "file": "Salvirt_B2B_ML_dataset.csv",
        "delimiter": ";",
        "target": ("Status", "Won"),
        "without": [],
        "codes": [],
        "missing": ["Unknown"],
    },
}


def is_held_out(row):
    return int.from_bytes(hashlib.sha256(str(row).encode()).digest()[:8], "big") % 10 >= 8


def read(task, folder):
    """What is known, with categories as such, who has the outcome, and which rows are held out."""
    leads = pandas.read_csv(
        folder / task["file"], sep=task["delimiter"], na_values=task["missing"], dtype=dict.fromkeys(task["codes"], str)
    )
    name, positive = task["target"]
    came = (leads[name].astype(str) == positive).to_numpy(int)
    known = leads.drop(columns=[name, *task["without"]])
    for column in known.columns:
        if not pandas.api.types.is_numeric_dtype(known[column]):
            known[column] = known[column].astype(str).where(known[column].notna(), None).astype("category")
    return known, came, numpy.array([is_held_out(row) for row in range(len(leads))])


def texts(known):
    """Categories as texts, which is how CatBoost wants them."""
    names = [name for name in known.columns if known[name].dtype == "category"]
    return known.assign(**{name: known[name].astype(object).fillna("missing").astype(str) for name in names}), names


def by_lightgbm(known, came, tuning, tuned):
    model = lightgbm.LGBMClassifier(n_estimators=2000, n_jobs=THREADS, verbose=-1, random_state=1)
    model.fit(known, came, eval_set=[(tuning, tuned)], callbacks=[lightgbm.early_stopping(PATIENCE, verbose=False)])
    return model.predict_proba


def by_xgboost(known, came, tuning, tuned):
    model = xgboost.XGBClassifier(
        n_estimators=2000, n_jobs=THREADS, enable_categorical=True, early_stopping_rounds=PATIENCE, random_state=1
    )
    model.fit(known, came, eval_set=[(tuning, tuned)], verbose=False)
    return model.predict_proba


def by_catboost(known, came, tuning, tuned):
    (known, names), (tuning, _) = texts(known), texts(tuning)
    model = catboost.CatBoostClassifier(thread_count=THREADS, verbose=False, random_seed=1, allow_writing_files=False)
    model.fit(known, came, cat_features=names, eval_set=(tuning, tuned), early_stopping_rounds=PATIENCE)
    return lambda known: model.predict_proba(texts(known)[0])


def by_ebm(known, came, tuning, tuned):
    # It holds rows out by itself.
    model = interpret.glassbox.ExplainableBoostingClassifier(n_jobs=THREADS, random_state=1)
    model.fit(pandas.concat([known, tuning]), numpy.concatenate([came, tuned]))
    return model.predict_proba


PEERS = {"LightGBM": by_lightgbm, "XGBoost": by_xgboost, "CatBoost": by_catboost, "EBM": by_ebm}


def by_peer(learn, known, came, held_out):
    taught = known[~held_out]
    parts = sklearn.model_selection.train_test_split(
        taught, came[~held_out], test_size=0.2, random_state=1, stratify=came[~held_out]
    )
    start = time.time()
    predict = learn(parts[0], parts[2], parts[1], parts[3])
    seconds = time.time() - start
    return predict(known[held_out])[:, 1], seconds


def by_kelvin(kelvin, task, folder, held_out):
    with open(folder / task["file"], newline="") as lines:
        head, *rows = csv.reader(lines, delimiter=task["delimiter"])
    name, positive = task["target"]
    outcome = f"lead.{name} == {positive if positive.isdigit() else repr(positive)}"
    options = [part for column in task["without"] for part in ("--ignore", column)]
    options += [part for column in task["codes"] for part in ("--category", column)]
    with tempfile.TemporaryDirectory() as place:
        taught, tested, model = (pathlib.Path(place) / name for name in ("taught.csv", "tested.csv", "model.json"))
        for file, wanted in ((taught, False), (tested, True)):
            chosen = [[row, *known] for row, known in enumerate(rows) if held_out[row] == wanted]
            with open(file, "w", newline="") as lines:
                csv.writer(lines).writerows([["lead_id", *head], *chosen])
        learn = [kelvin, "train", "--leads", taught, "--outcome", outcome, *options, "--threads", str(THREADS)]
        start = time.time()
        subprocess.run([*learn, "--out", model], check=True, stdout=subprocess.DEVNULL)
        seconds = time.time() - start
        apply = [kelvin, "predict", "--model", model, "--leads", tested, "--format", "csv"]
        told = list(csv.DictReader(subprocess.run(apply, check=True, capture_output=True, text=True).stdout.splitlines()))
    chances = {int(line["lead_id"]): float(line["probability"]) for line in told}
    return [chances[row] for row in numpy.flatnonzero(held_out)], seconds


def main(kelvin, folder):
    for name, task in TASKS.items():
        known, came, held_out = read(task, folder)
        print(f"train: {name}, {int((~held_out).sum())} leads teach and {int(held_out.sum())} are held out")
        results = {"Kelvin": by_kelvin(kelvin, task, folder, held_out)}
        results |= {peer: by_peer(learn, known, came, held_out) for peer, learn in PEERS.items()}
        for who, (chances, seconds) in results.items():
            area = sklearn.metrics.roc_auc_score(came[held_out], chances)
            loss = sklearn.metrics.log_loss(came[held_out], chances)
            print(f"  {who:<10} AUC {area:.4f}  log loss {loss:.4f}  {seconds:7.2f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]))
