"""Files and what is around a node: names of files, a file system for each world, its environment.

`places` is the file system, `handles` are open files, `devices` the processes behind them.
"""

from erlsim.erl.library.files import filename, os_

__all__ = ["filename", "os_"]
