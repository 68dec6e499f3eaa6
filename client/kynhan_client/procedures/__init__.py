"""The procedures of the regulation, each a plain function over a home: what a command line calls, and a browser desk.

A procedure reads our copy of the log and gives a Letter (send.py), or a plan that holds one beside what has to be shown
before it is confirmed: the date before and after, whether it is late, whom it concerns. Everything that the case table
refuses is refused here already, in one sentence, before anything is hashed, sealed or asked. `send.send` then seals
and delivers; `copies.send` adds the copies that the profile asks for.
"""
