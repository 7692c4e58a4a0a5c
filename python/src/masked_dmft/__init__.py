"""The mean-field theory of masked SGD from Python: runs ``dmft`` and reads its results.

>>> import masked_dmft as md
>>> run = md.solve(md.example(), {"steps": 20, "sample_mask": {"kind": "full"}})
>>> run.table.loc[[0, 20], ["magnetisation", "test_error"]].round(2)
      magnetisation  test_error
step
0              0.00        0.50
20             1.01        0.11
"""

from masked_dmft.commands import (
    aging,
    bounds,
    command,
    compare,
    example,
    export,
    fit,
    merge,
    online,
    rules,
    solve,
    static,
    stationary,
    train,
)
from masked_dmft.comparing import agreement, relative, rule_labels
from masked_dmft.figures import draw, use_style
from masked_dmft.kernels import Kernels
from masked_dmft.program import DmftError, DmftWarning, ProgramNotFoundError, call, find_program
from masked_dmft.results import read
from masked_dmft.runs import Run
from masked_dmft.sweeps import Sweep, sweep
from masked_dmft.tables import read_table, wide
from masked_dmft.yaml import read_yaml

__all__ = [
    "DmftError",
    "DmftWarning",
    "Kernels",
    "ProgramNotFoundError",
    "Run",
    "Sweep",
    "aging",
    "agreement",
    "bounds",
    "call",
    "command",
    "compare",
    "draw",
    "example",
    "export",
    "find_program",
    "fit",
    "merge",
    "online",
    "read",
    "read_table",
    "read_yaml",
    "relative",
    "rule_labels",
    "rules",
    "solve",
    "static",
    "stationary",
    "sweep",
    "train",
    "use_style",
    "wide",
]
