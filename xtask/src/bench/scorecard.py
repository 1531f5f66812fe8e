"""The same job as `kelvin suggest --rules 10`, by FasterRisk.

Usage: scorecard.py LEADS.csv (features of 0 and 1; the first column is the outcome)
"""

import sys

import numpy
from fasterrisk.fasterrisk import RiskScoreOptimizer

leads = numpy.loadtxt(sys.argv[1], delimiter=",", skiprows=1)
scorecard = RiskScoreOptimizer(X=leads[:, 1:], y=numpy.where(leads[:, 0] > 0, 1, -1), k=10)
scorecard.optimize()
print(scorecard.get_models())
