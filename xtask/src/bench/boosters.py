"""`kelvin train` beside four libraries of boosted trees as they come: how well each predicts who was not learned from, and how long it took.

Rows are split as the data's readme says. The libraries keep their own settings; a fifth of the rows that teach tells them when to stop,
where they can be told. Seconds are those of the whole way from the files to the predictions, for each in processes of its own, the best of
some runs in turns; those of learning alone are told beside: of a library its one fit, of Kelvin the whole command `train`.

Usage: boosters.py KELVIN LEADS_FOLDER
"""

import csv
import hashlib
import importlib
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy
import pandas
import sklearn.metrics
import sklearn.model_selection

RUNS = 3
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


def by_lightgbm(library, known, came, tuning, tuned):
    model = library.LGBMClassifier(n_estimators=2000, n_jobs=THREADS, verbose=-1, random_state=1)
    model.fit(known, came, eval_set=[(tuning, tuned)], callbacks=[library.early_stopping(PATIENCE, verbose=False)])
    return model.predict_proba


def by_xgboost(library, known, came, tuning, tuned):
    model = library.XGBClassifier(
        n_estimators=2000, n_jobs=THREADS, enable_categorical=True, early_stopping_rounds=PATIENCE, random_state=1
    )
    model.fit(known, came, eval_set=[(tuning, tuned)], verbose=False)
    return model.predict_proba


def by_catboost(library, known, came, tuning, tuned):
    (known, names), (tuning, _) = texts(known), texts(tuning)
    model = library.CatBoostClassifier(thread_count=THREADS, verbose=False, random_seed=1, allow_writing_files=False)
    model.fit(known, came, cat_features=names, eval_set=(tuning, tuned), early_stopping_rounds=PATIENCE)
    return lambda known: model.predict_proba(texts(known)[0])


def by_ebm(library, known, came, tuning, tuned):
    # It holds rows out by itself.
    model = library.ExplainableBoostingClassifier(n_jobs=THREADS, random_state=1)
    model.fit(pandas.concat([known, tuning]), numpy.concatenate([came, tuned]))
    return model.predict_proba


# Each with the module that it is in: a process loads no library but its own.
PEERS = {
    "LightGBM": ("lightgbm", by_lightgbm),
    "XGBoost": ("xgboost", by_xgboost),
    "CatBoost": ("catboost", by_catboost),
    "EBM": ("interpret.glassbox", by_ebm),
}


def learn_from(task, folder, who, place):
    """What the process of a peer does: predictions go to a file, the seconds of learning are printed."""
    module, learn = PEERS[who]
    library = importlib.import_module(module)
    known, came, held_out = read(TASKS[task], folder)
    taught = known[~held_out]
    parts = sklearn.model_selection.train_test_split(
        taught, came[~held_out], test_size=0.2, random_state=1, stratify=came[~held_out]
    )
    start = time.time()
    predict = learn(library, parts[0], parts[2], parts[1], parts[3])
    print(time.time() - start)
    numpy.save(place, predict(known[held_out])[:, 1])


def by_peer(who, task, folder):
    with tempfile.TemporaryDirectory() as place:
        file = pathlib.Path(place) / "chances.npy"
        start = time.time()
        command = [sys.executable, "-W", "ignore", __file__, "--peer", task, folder, who, file]
        learning = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        seconds = time.time() - start
        return numpy.load(file), seconds, float(learning.split()[-1])


def by_kelvin(kelvin, name, folder, held_out):
    task = TASKS[name]
    with open(folder / task["file"], newline="") as lines:
        head, *rows = csv.reader(lines, delimiter=task["delimiter"])
    target, positive = task["target"]
    outcome = f"lead.{target} == {positive if positive.isdigit() else repr(positive)}"
    options = [part for column in task["without"] for part in ("--ignore", column)]
    options += [part for column in task["codes"] for part in ("--category", column)]
    with tempfile.TemporaryDirectory() as place:
        taught, tested, model = (pathlib.Path(place) / file for file in ("taught.csv", "tested.csv", "model.json"))
        for file, wanted in ((taught, False), (tested, True)):
            chosen = [[row, *known] for row, known in enumerate(rows) if held_out[row] == wanted]
            with open(file, "w", newline="") as lines:
                csv.writer(lines).writerows([["lead_id", *head], *chosen])
        learn = [kelvin, "train", "--leads", taught, "--outcome", outcome, *options, "--threads", str(THREADS), "-q"]
        start = time.time()
        subprocess.run([*learn, "--out", model], check=True, stdout=subprocess.DEVNULL)
        learning = time.time() - start
        apply = [kelvin, "predict", "--model", model, "--leads", tested, "--format", "csv"]
        told = subprocess.run(apply, check=True, stdout=subprocess.PIPE, text=True).stdout
        seconds = time.time() - start
    chances = {int(line["lead_id"]): float(line["probability"]) for line in csv.DictReader(told.splitlines())}
    return [chances[row] for row in numpy.flatnonzero(held_out)], seconds, learning


def main(kelvin, folder):
    for name, task in TASKS.items():
        _, came, held_out = read(task, folder)
        print(f"train: {name}, {int((~held_out).sum())} leads teach and {int(held_out.sum())} are held out")
        sides = {"Kelvin": lambda: by_kelvin(kelvin, name, folder, held_out)}
        sides |= {who: lambda who=who: by_peer(who, name, folder) for who in PEERS}
        runs = [{who: side() for who, side in sides.items()} for _ in range(RUNS)]
        for who in sides:
            chances = runs[0][who][0]
            area = sklearn.metrics.roc_auc_score(came[held_out], chances)
            loss = sklearn.metrics.log_loss(came[held_out], chances)
            seconds, learning = (min(run[who][place] for run in runs) for place in (1, 2))
            print(f"  {who:<10} AUC {area:.4f}  log loss {loss:.4f}  {seconds:7.2f} s, of which learning {learning:.2f} s", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "--peer":
        task, folder, who, place = sys.argv[2:]
        learn_from(task, pathlib.Path(folder), who, place)
    else:
        main(sys.argv[1], pathlib.Path(sys.argv[2]))
