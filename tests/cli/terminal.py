"""A command as it is typed, run in this process: starting one costs more than what most commands do."""

from types import SimpleNamespace

from hub.cli import main


def terminal(monkeypatch, capsys, **environ):
    """mesa(*arguments) -> `returncode`, `stdout` and `stderr`, as of a process with these in its environment."""
    for name, value in environ.items():
        monkeypatch.setenv(name, str(value))

    def mesa(*arguments):
        capsys.readouterr()
        code = main([str(one) for one in arguments])
        said = capsys.readouterr()
        return SimpleNamespace(returncode=code, stdout=said.out, stderr=said.err)

    return mesa
