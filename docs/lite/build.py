"""Builds the lessons into a JupyterLite site, in docs/lite/_build: notebooks that run in a browser, on Pyodide.

`python docs/lite/build.py [--cdn]`, with `jupyter lite` installed beside this Python. The site holds the
project's wheel and those of its dependencies. Pyodide itself is fetched by `npm pack` and laid into the site
with the packages that its kernel needs; with `--cdn`, or without npm, the site names Pyodide's own address
instead, and each browser fetches it from there.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "docs" / "lite" / "_build"
SITE = BUILD / "site"
KERNEL = SITE / "extensions" / "@jupyterlite" / "pyodide-kernel-extension" / "static"
# What the kernel loads before the first cell runs, less what comes with it.
KERNEL_NEEDS = ["micropip", "packaging", "ipython", "comm", "jedi"]
# greenlet, which a search of every schedule needs, is compiled.
LEFT_OUT = ("11_every_schedule",)
FIRST_CELL = "%pip install -q 'erlsim[widgets]'"
# What of ipywidgets runs in the kernel; the kernel's own packages have the rest of what they need.
WIDGETS = ["ipywidgets", "jupyterlab_widgets"]


def run(*command: str | Path, cwd: Path = BUILD) -> str:
    """A command; what it prints. Its own words are shown if it fails."""
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def pip(*arguments: str | Path) -> None:
    """pip, of the Python that runs this."""
    run(sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments)


def wheels() -> list[Path]:
    """The wheels of the project, of its dependencies and of the player's buttons; none may be compiled."""
    folder = BUILD / "wheels"
    pip("wheel", "--wheel-dir", folder, ROOT)
    pip("wheel", "--no-deps", "--wheel-dir", folder, *WIDGETS)
    found = sorted(folder.glob("*.whl"))
    compiled = [path.name for path in found if not path.name.endswith("-none-any.whl")]
    if compiled:
        raise SystemExit(f"a browser cannot load compiled wheels: {', '.join(compiled)}")
    return found


def lessons() -> Path:
    """Copies of the notebooks, without outputs, whose first cell installs erlsim."""
    folder = BUILD / "lessons"
    folder.mkdir()
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        if path.stem in LEFT_OUT:
            continue
        lesson = json.loads(path.read_text(encoding="utf-8"))
        for cell in lesson["cells"]:
            if cell["cell_type"] == "code":
                cell |= {"outputs": [], "execution_count": None}
        first = {"cell_type": "code", "id": "install", "metadata": {}, "source": FIRST_CELL}
        lesson["cells"].insert(1, first | {"outputs": [], "execution_count": None})
        lesson["metadata"]["kernelspec"] = {"display_name": "Python (Pyodide)", "language": "python", "name": "python"}
        (folder / path.name).write_text(json.dumps(lesson, indent=1), encoding="utf-8")
    return folder


def site(carried: list[Path], contents: Path) -> None:
    """JupyterLite, with our wheels and lessons in it."""
    given = [part for wheel in carried for part in ("--piplite-wheels", wheel)]
    jupyter = Path(sys.executable).with_name("jupyter")
    run(jupyter, "lite", "build", "--contents", contents, "--output-dir", SITE, *given)


def pyodide_version() -> str:
    """The version of Pyodide that the kernel was made for."""
    schema = json.loads((KERNEL / "schema" / "kernel.v0.schema.json").read_text(encoding="utf-8"))
    return str(schema["properties"]["pyodideUrl"]["default"]).split("/v")[1].split("/")[0]


def vendor_pyodide() -> None:
    """Lay Pyodide into the site: the runtime from npm, what the kernel loads from PyPI, a lock file of just that."""
    folder = SITE / "static" / "pyodide"
    archive = run("npm", "pack", "--silent", f"pyodide@{pyodide_version()}").split()[-1]
    with tarfile.open(BUILD / archive) as packed:
        packed.extractall(BUILD / "pyodide", filter="data")
    shutil.copytree(BUILD / "pyodide" / "package", folder)
    lock_file = folder / "pyodide-lock.json"
    lock = json.loads(lock_file.read_text(encoding="utf-8"))
    version = ".".join(lock["info"]["python"].split(".")[:2])
    wanted = ["--only-binary", ":all:", "--python-version", version, *KERNEL_NEEDS]
    pip("download", "--dest", BUILD / "kernel", *wanted)
    carried = sorted((BUILD / "kernel").glob("*-none-any.whl"))
    for wheel in carried:
        shutil.copy(wheel, folder)
    names = [plain(wheel.name.split("-")[0]) for wheel in carried]
    lock["packages"] = dict(locked(wheel, names) for wheel in carried)
    lock_file.write_text(json.dumps(lock), encoding="utf-8")
    settings = SITE / "jupyter-lite.json"
    config = json.loads(settings.read_text(encoding="utf-8"))
    plugins = config["jupyter-config-data"].setdefault("litePluginSettings", {})
    plugin = plugins.setdefault("@jupyterlite/pyodide-kernel-extension:kernel", {})
    plugin["pyodideUrl"] = "./static/pyodide/pyodide.mjs"
    plugin["disablePyPIFallback"] = True
    settings.write_text(json.dumps(config, indent=2), encoding="utf-8")


def locked(wheel: Path, carried: list[str]) -> tuple[str, dict[str, object]]:
    """A wheel's name and its entry in Pyodide's lock file; it depends on what it requires of the `carried`."""
    name, version = wheel.name.split("-")[:2]
    with zipfile.ZipFile(wheel) as packed:
        metadata = next(each for each in packed.namelist() if each.endswith(".dist-info/METADATA"))
        text = packed.read(metadata).decode()
    required = [plain(each) for each in re.findall(r"^Requires-Dist: ([\w.-]+)(?!.*extra ==)", text, re.MULTILINE)]
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    entry = {"name": plain(name), "version": version, "file_name": wheel.name, "install_dir": "site", "sha256": digest}
    entry |= {"package_type": "package", "imports": [name], "unvendored_tests": False}
    return plain(name), entry | {"depends": [each for each in dict.fromkeys(required) if each in carried]}


def plain(name: str) -> str:
    """A package's name as the lock file has it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def main(arguments: list[str]) -> int:
    """Build it, and say what it is."""
    shutil.rmtree(BUILD, ignore_errors=True)
    BUILD.mkdir(parents=True)
    site(wheels(), lessons())
    if "--cdn" in arguments or shutil.which("npm") is None:
        print(f"Pyodide {pyodide_version()} comes from its own address, when a browser opens the site")
    else:
        vendor_pyodide()
        print(f"Pyodide {pyodide_version()} is part of the site; nothing is fetched from elsewhere")
    print(f"{SITE.relative_to(ROOT)}: python -m http.server --directory {SITE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
