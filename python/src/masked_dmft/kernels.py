"""The two-time kernels of a solved run."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from masked_dmft.extras import needed
from masked_dmft.folders import Folder

if TYPE_CHECKING:
    import xarray as xr

NAMES = ("correlation", "response", "gradient_covariance", "gradient_response")
ERROR = "_standard_error"


class Kernels(Mapping[str, np.ndarray]):
    """Kernels by name, read when they are asked for.

    Each is an array of shape (T, T, K, K) for T times and K hidden units: ``kernel[s, t, k, l]``
    is that of unit k at time s and unit l at time t. Files in ``.npy`` are mapped into memory,
    not read. Kernels of long runs are at chosen steps, which `steps` returns.

    >>> import masked_dmft as md
    >>> run = md.solve(md.example(), {"steps": 3})
    >>> list(run.kernels)
    ['correlation', 'response', 'gradient_covariance', 'gradient_response']
    >>> run.kernels["response"][1, 0, 0, 0].item()
    -0.1
    """

    def __init__(self, run: Folder) -> None:
        """Take the kernels of a run."""
        self._run = run  # Keeps a temporary folder.
        self._folder = run.path / "kernels"
        self._read: dict[str, _Kernel] = {}

    def __getitem__(self, name: str) -> np.ndarray:
        return self._kernel(name).values

    def __iter__(self) -> Iterator[str]:
        return (name for name in NAMES if self._file(name) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"<kernels {', '.join(self) or '(none)'} in {self._folder}>"

    @property
    def errors(self) -> dict[str, np.ndarray]:
        """Standard errors, in the shape of their kernels; without those that are exact."""
        found = {name: self._kernel(name).errors for name in self}
        return {name: errors for name, errors in found.items() if errors is not None}

    def steps(self, name: str) -> np.ndarray:
        """Return the steps of the first two axes of a kernel."""
        return self._kernel(name).steps

    def times(self, name: str) -> np.ndarray:
        """Return the times of the first two axes of a kernel."""
        with (self._run.path / "curves.csv").open(encoding="utf-8") as lines:
            times = {int(row["step"]): float(row["time"]) for row in csv.DictReader(lines)}
        return np.array([times[step] for step in self.steps(name).tolist()])

    def xarray(self, name: str, *, errors: bool = False) -> xr.DataArray:
        """Return a kernel, or its standard errors, with named dimensions.

        >>> import masked_dmft as md
        >>> run = md.solve(md.example(), {"steps": 3})
        >>> run.kernels.xarray("correlation").sel(step=2, step_prime=0, unit=1, unit_prime=1).ndim
        0
        """
        package = needed("xarray", extra="xarray")
        steps, times = self.steps(name), self.times(name)
        values = self.errors[name] if errors else self[name]
        units = np.arange(1, values.shape[2] + 1)
        array: xr.DataArray = package.DataArray(
            values,
            dims=("step", "step_prime", "unit", "unit_prime"),
            coords={
                "step": steps,
                "step_prime": steps,
                "unit": units,
                "unit_prime": units,
                "time": ("step", times),
                "time_prime": ("step_prime", times),
            },
            name=name + ERROR if errors else name,
        )
        return array

    def _file(self, name: str) -> Path | None:
        files = (self._folder / f"{name}.{ending}" for ending in ("npy", "csv"))
        return next((file for file in files if file.is_file()), None)

    def _kernel(self, name: str) -> _Kernel:
        if name not in self._read:
            file = self._file(name) if name in NAMES else None
            if file is None:
                raise KeyError(f"{name}: not in {self._folder}, which holds {', '.join(self)}")
            self._read[name] = _mapped(file) if file.suffix == ".npy" else _parsed(file)
        return self._read[name]


class _Kernel:
    """An array, its standard errors if it was sampled, and the steps of its axes."""

    def __init__(self, values: np.ndarray, errors: np.ndarray | None, steps: np.ndarray) -> None:
        self.values = values
        self.errors = errors
        self.steps = steps


def _mapped(file: Path) -> _Kernel:
    """Map a kernel at all steps."""
    values = np.load(file, mmap_mode="r")
    errors = file.with_name(file.stem + ERROR + ".npy")
    return _Kernel(
        values, np.load(errors, mmap_mode="r") if errors.is_file() else None, np.arange(len(values))
    )


def _parsed(file: Path) -> _Kernel:
    """Read a kernel as text, whose rows may be at any steps and in any order."""
    with file.open(encoding="utf-8") as lines:
        header = lines.readline().strip().split(",")
        columns: dict[str, Any] = dict(
            zip(header, np.loadtxt(lines, delimiter=",", ndmin=2).T, strict=True)
        )
    steps = np.unique(columns["step"])
    axes = [
        np.searchsorted(steps, columns["step"]),
        np.searchsorted(steps, columns["step_prime"]),
        columns["unit"].astype(int) - 1,
        columns["unit_prime"].astype(int) - 1,
    ]
    shape = tuple(int(axis.max()) + 1 for axis in axes)

    def array(name: str) -> np.ndarray:
        result = np.full(shape, np.nan)
        result[tuple(axes)] = columns[name]
        return result

    errors = array("standard_error") if "standard_error" in columns else None
    return _Kernel(array("value"), errors, steps.astype(int))
