"""The same job as `kelvin attribute`, by ChannelAttribution: rules, and Markov chains of order 1.

Usage: attribution.py PATHS.csv
"""

import sys

import pandas
from ChannelAttribution import heuristic_models, markov_model

paths = pandas.read_csv(sys.argv[1])
columns = {"var_path": "path", "var_conv": "total_conversions", "var_value": "total_conversion_value"}
print(heuristic_models(paths, **columns))
print(markov_model(paths, **columns, var_null="total_null", order=1, ncore=2))
