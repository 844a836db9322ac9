"""Several nodes in one world: `net_kernel` gives the first one a name, `peer` starts others, `rpc` calls there.

An atom stands for each of these modules as for those beside this folder. What a node is, and what nodes share that do
not share it in OTP, is in the kernel's `nodes`.
"""
