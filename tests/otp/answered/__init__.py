"""Sessions of calls, each on a node of its own, and what an OTP 25.2.3 answered.

A file is an area, a blank line ends a session. A session begins with the sentence that it holds, behind `# `; then
comes call after call, `> module:function(Args)`, each with its answer below: `= Value`, or `! {Class, Reason}`, an
error with who failed. What the calls need is in `answered.erl`, which tells on both sides what they come to.
`python -m tests.otp.answered.record` asks again.
"""
