"""Repositories whose configuration, attributes and files name programs, to be run by nobody."""

# A canary is a script that leaves a trace where it was told to: it sings when anybody runs it.

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from conftest import Repo

PROGRAMS = (  # variables of the environment that name programs, or settings that do
    "EDITOR", "GIT_ASKPASS", "GIT_EDITOR", "GIT_EXTERNAL_DIFF", "GIT_PAGER", "GIT_PROXY_COMMAND",
    "GIT_SEQUENCE_EDITOR", "GIT_SSH", "GIT_SSH_COMMAND", "LESSOPEN", "PAGER", "SSH_ASKPASS",
    "VISUAL",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trick:
    """Settings that name a program; `proof` is a command of git's that does run it."""

    settings: tuple[str, ...]
    proof: str = ""
    attributes: str = ""
    missing: str = ""  # an object that the repository lacks
    files: Mapping[str, str] = field(default_factory=dict)  # that stand in it besides


PARTIAL = (
    "core.repositoryFormatVersion=1",
    "extensions.partialClone=x",
    "remote.x.promisor=true",
)
# CANARY stands for a script that leaves a trace.
TRICKS = {
    "fsmonitor": Trick(("core.fsmonitor=CANARY",), "status"),
    "fsmonitor and untracked cache": Trick(
        ("core.fsmonitor=CANARY", "core.untrackedCache=true", "feature.manyFiles=true"), "status"
    ),
    "include": Trick(("include.path=INCLUDED",), "status"),
    "conditional include": Trick(("includeIf.gitdir:/.path=INCLUDED",), "status"),
    "hooks": Trick(("core.hooksPath=HOOKS",), "reset --hard"),
    "clean filter": Trick(("filter.x.clean=CANARY",), "add --renormalize .", "* filter=x"),
    "smudge filter": Trick(("filter.x.smudge=CANARY",), "checkout-index -af", "* filter=x"),
    "process filter": Trick(
        ("filter.x.process=CANARY", "filter.x.required=true"), "add --renormalize .", "* filter=x"
    ),
    "textconv": Trick(("diff.x.textconv=CANARY",), "log -p", "* diff=x"),
    "diff driver": Trick(("diff.x.command=CANARY",), "log -p --ext-diff", "* diff=x"),
    "external diff": Trick(("diff.external=CANARY",), "log -p --ext-diff"),
    "attributes elsewhere": Trick(
        ("core.attributesFile=ATTRIBUTES", "diff.x.textconv=CANARY"), "log -p"
    ),
    "signature": Trick(("log.showSignature=true", "gpg.program=CANARY"), "log"),
    "signature by another name": Trick(
        ("log.showSignature=true", "gpg.openpgp.program=CANARY"), "log"
    ),
    "pager": Trick(("core.pager=CANARY", "pager.log=true", "pager.ls-files=CANARY")),
    "alias": Trick(("alias.ls-files=!CANARY", "alias.log=!CANARY", "alias.x=!CANARY"), "x"),
    "ssh": Trick(("core.sshCommand=CANARY", "remote.x.url=ssh://h.invalid/r"), "ls-remote x"),
    "ext transport": Trick(
        ("protocol.ext.allow=always", "remote.x.url=ext::CANARY"),
        "ls-remote x",
    ),
    "lazy fetch": Trick(
        (
            *PARTIAL,
            "remote.x.url=.",
            "remote.x.uploadpack=CANARY",
            "protocol.file.allow=always",
        ),
        "log --raw",
        missing="HEAD~1^{tree}",
    ),
    "lazy fetch by ssh": Trick(
        (*PARTIAL, "remote.x.url=ssh://h.invalid/r", "core.sshCommand=CANARY"),
        "log --raw",
        missing="HEAD~1^{tree}",
    ),
    "credentials": Trick(("credential.helper=!CANARY", "core.askPass=CANARY")),
    "editors": Trick(("core.editor=CANARY", "sequence.editor=CANARY")),
    "alternate refs": Trick(("core.alternateRefsCommand=CANARY",)),
    "submodule": Trick(
        ("submodule.recurse=true", "submodule.s.update=!CANARY", "diff.submodule=log")
    ),
    "proxy": Trick(("core.gitProxy=CANARY", "remote.x.url=git://h.invalid/r"), "ls-remote x"),
    "merge driver": Trick(("merge.x.driver=CANARY",), "", "* merge=x"),
    "worktree configuration": Trick(
        ("core.repositoryFormatVersion=1", "extensions.worktreeConfig=true"),
        "status",
        files={".git/config.worktree": "[core]\n\tfsmonitor = CANARY\n"},
    ),
    "attributes in the tree": Trick(
        ("filter.x.clean=CANARY", "diff.x.textconv=CANARY", "merge.x.driver=CANARY"),
        "add --renormalize .",
        files={".gitattributes": "* filter=x diff=x merge=x\n"},
    ),
    "embedded bare repository": Trick(
        (),
        "-C docs x",
        files={
            "docs/HEAD": "ref: refs/heads/main\n",
            "docs/config": "[core]\n\tfsmonitor = CANARY\n\tbare = true\n[alias]\n\tx = !CANARY\n",
            "docs/objects/.keep": "",
            "docs/refs/.keep": "",
        },
    ),
    "repository inside": Trick(
        (),
        "-C inside status",
        files={
            "inside/.git/HEAD": "ref: refs/heads/main\n",
            "inside/.git/config": "[core]\n\tfsmonitor = CANARY\n",
            "inside/.git/objects/.keep": "",
            "inside/.git/refs/.keep": "",
        },
    ),
    "submodule's own configuration": Trick(
        ("submodule.inside.update=!CANARY",),
        files={".gitmodules": '[submodule "inside"]\n\tpath = inside\n\turl = ext::CANARY\n'},
    ),
    "trace": Trick(("trace2.eventTarget=SANG", "trace2.normalTarget=SANG")),
    "promised by a program": Trick(
        (*PARTIAL, "remote.x.url=ext::CANARY", "protocol.ext.allow=always"),
        "log --raw",
        missing="HEAD~1^{tree}",
    ),
    "signature of ssh": Trick(
        ("log.showSignature=true", "gpg.format=ssh", "gpg.ssh.program=CANARY"),
    ),
    "maintenance": Trick(("gc.auto=1", "maintenance.auto=true", "gc.recentObjectsHook=CANARY")),
}


def make(folder: Path) -> Path:
    """Make a script that leaves the file `sang` beside itself."""
    script = folder / "canary"
    script.write_text(f"#!/bin/sh\necho \"$0 $*\" >> '{folder}/sang'\nexit 1\n")
    script.chmod(0o755)
    return script


def together(tricks: Iterable[Trick]) -> Trick:
    """Make one trick of several; of objects that are missing the last one is."""
    found = tuple(tricks)
    return Trick(
        settings=tuple(setting for one in found for setting in one.settings),
        attributes="\n".join(one.attributes for one in found),
        missing=next((one.missing for one in reversed(found) if one.missing), ""),
        files={name: text for one in found for name, text in one.files.items()},
    )


def environment(canary: Path) -> dict[str, str]:
    """Name the canary in every variable that git, or a program it runs, would heed."""
    counted = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.fsmonitor",
        "GIT_CONFIG_VALUE_0": str(canary),
        "GIT_TRACE": str(canary.parent / "sang"),
        "GIT_TRACE2_EVENT": str(canary.parent / "sang"),
        "GIT_EXEC_PATH": str(canary.parent),
    }
    return dict.fromkeys(PROGRAMS, str(canary)) | counted


def sign(repo: Repo) -> None:
    """Give the newest commit a signature that somebody may want to verify."""
    signature = "\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n iQ\n -----END PGP SIGNATURE-----\n\n"
    signed = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin"],
        cwd=repo.path,
        input=repo.git("cat-file", "commit", "HEAD").replace("\n\n", signature, 1),
        capture_output=True,
        text=True,
        check=True,
    )
    repo.git("reset", "--quiet", "--hard", signed.stdout.strip())


def hostile(repo: Repo, trick: Trick, canary: Path) -> None:
    """Put a trick to a repository with a signed commit, a change and folders to ask about."""
    folder = canary.parent
    sign(repo)
    repo.write({"empty/.keep": "", "docs/a.md": "changed"})
    repo.write({".git/info/attributes": trick.attributes})
    repo.write({name: text.replace("CANARY", str(canary)) for name, text in trick.files.items()})
    (repo.path / "empty/.keep").unlink()
    (folder / "hooks").mkdir()
    for name in ("post-index-change", "reference-transaction", "pre-auto-gc", "fsmonitor-watchman"):
        (folder / "hooks" / name).symlink_to(canary)
        (repo.path / ".git/hooks" / name).unlink(missing_ok=True)
        (repo.path / ".git/hooks" / name).symlink_to(canary)
    (folder / "included").write_text(f"[core]\n\tfsmonitor = {canary}\n")
    (folder / "attributes").write_text("* diff=x\n")
    stand_ins = {
        "CANARY": str(canary),
        "INCLUDED": str(folder / "included"),
        "HOOKS": str(folder / "hooks"),
        "ATTRIBUTES": str(folder / "attributes"),
        "SANG": str(folder / "sang"),
    }
    if trick.missing:
        name = repo.git("rev-parse", trick.missing).strip()
        (repo.path / ".git/objects" / name[:2] / name[2:]).unlink()
    for setting in trick.settings:
        name, value = setting.split("=", 1)
        for word, stand_in in stand_ins.items():
            value = value.replace(word, stand_in)
        repo.git("config", name, value)
    (folder / "sang").unlink(missing_ok=True)
