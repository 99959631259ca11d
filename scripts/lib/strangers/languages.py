"""Each language: what generates its client, what builds the scenario with it, what runs that. Installs what it lacks.

Everything is made below target/clients/LANGUAGE; the generated client is in `client` there, as the generator left it.
"""

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

from sections import ROOT, CannotRun
from tools import CACHE, debian_files, debian_tool, npm_packages, python_packages

HOME = ROOT / "tests" / "clients"
OUT = ROOT / "target" / "clients"
DOCUMENT = ROOT / "openapi.yaml"
PLAN = json.loads((HOME / "languages.json").read_text())
BUILD_SECONDS = 1800


def run(*words, cwd=ROOT, env=None):
    """Runs a build step; what it printed is told only when it fails."""
    finished = subprocess.run([str(word) for word in words], cwd=cwd, env={**os.environ, **(env or {})},
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", timeout=BUILD_SECONDS)
    if finished.returncode != 0:
        raise RuntimeError(f"`{Path(words[0]).name} {words[1] if words[1:] else ''}` failed\n{finished.stdout[-6000:]}")
    return finished.stdout


def generator_jar():
    debian_tool("java", "default-jre-headless")
    return Path(run(ROOT / "scripts" / "generate", "--jar").strip())


def generator_words(language):
    """The generator's options for a language, as they stand in languages.json."""
    plan = PLAN[language]
    words = ["-g", plan["generator"]]
    if "library" in plan:
        words += ["--library", plan["library"]]
    if plan["properties"]:
        words += ["--additional-properties", ",".join(f"{name}={value}" for name, value in plan["properties"].items())]
    return words


def generate(language, jar):
    """Generates the client from the unpatched document, unless it is the one that is there. Returns its folder."""
    folder = OUT / language
    words = generator_words(language)
    digest = hashlib.sha256(DOCUMENT.read_bytes() + str(jar.stat().st_size).encode() + " ".join(words).encode())
    stamp, client = folder / "generated-from", folder / "client"
    if not stamp.exists() or stamp.read_text() != digest.hexdigest():
        stamp.unlink(missing_ok=True)
        shutil.rmtree(client, ignore_errors=True)
        run("java", "-jar", jar, "generate", "-i", DOCUMENT, *words, "-o", client)
        stamp.write_text(digest.hexdigest())
    return client


def python(jar):
    client = generate("python", jar)
    tools = python_packages(HOME / "python" / "requirements.txt", ROOT / ".venv" / "clients")
    return [tools / "python", "-B", HOME / "python" / "scenario.py"], {"PYTHONPATH": str(client)}


def typescript(jar):
    """Also lets openapi-typescript make types of the document, which types.ts is compiled against."""
    generate("typescript", jar)
    folder = OUT / "typescript"
    tools = npm_packages(HOME / "typescript", CACHE / "clients")
    for name in ("scenario.ts", "types.ts", "tsconfig.json"):
        shutil.copy(HOME / "typescript" / name, folder / name)
    link = folder / "node_modules"
    if not link.exists():
        link.symlink_to(tools.parent)
    run(tools / "openapi-typescript", DOCUMENT, "-o", folder / "schema.d.ts")
    run(tools / "tsc", "-p", folder)
    return [shutil.which("node"), folder / "out" / "scenario.js"], {}


def java(jar):
    """Jackson and most else is in the generator's own jar, two more come from Debian, one has a stand-in."""
    client = generate("java", jar)
    compiler = debian_tool("javac", "default-jdk-headless")
    debian = debian_files("libjakarta-annotation-api-java", "libhttpmime-java") / "usr" / "share" / "java"
    path = ":".join(str(each) for each in (jar, debian / "jakarta-annotation-api.jar", debian / "httpmime.jar"))
    sources = [*(client / "src" / "main").rglob("*.java"), *(HOME / "java").rglob("*.java")]
    classes = OUT / "java" / "classes"
    shutil.rmtree(classes, ignore_errors=True)
    run(compiler, "-nowarn", "-proc:none", "-d", classes, "-cp", path, *sources)
    return [shutil.which("java"), "-cp", f"{classes}:{path}", "Scenario"], {}


def go(jar):
    """Built in the way of Debian, which has the one module that the client asks for: as sources below GOPATH."""
    client = generate("go", jar)
    tools = python_packages(HOME / "go" / "requirements.txt", ROOT / ".venv" / "go")
    debian = debian_files("golang-golang-x-oauth2-dev", "golang-golang-x-net-dev")
    sources = OUT / "go" / "path" / "src"
    shutil.rmtree(sources, ignore_errors=True)
    (sources / "shopkeeper").mkdir(parents=True)
    (sources / "scenario").mkdir()
    for source in client.glob("*.go"):
        shutil.copy(source, sources / "shopkeeper")
    for source in (HOME / "go").glob("*.go"):
        shutil.copy(source, sources / "scenario")
    environment = {
        "GO111MODULE": "off", "GOTOOLCHAIN": "local", "GOFLAGS": "", "GOCACHE": str(CACHE / "go"), "CGO_ENABLED": "0",
        "GOPATH": f"{sources.parent}:{debian / 'usr' / 'share' / 'gocode'}",
    }
    binary = OUT / "go" / "scenario"
    run(tools / "go", "vet", ".", cwd=sources / "scenario", env=environment)
    run(tools / "go", "build", "-o", binary, ".", cwd=sources / "scenario", env=environment)
    return [binary], {}


def rust(jar):
    generate("rust", jar)
    folder = OUT / "rust"
    shutil.rmtree(folder / "src", ignore_errors=True)
    shutil.copytree(HOME / "rust" / "src", folder / "src")
    for name in ("Cargo.toml", "Cargo.lock"):
        shutil.copy(HOME / "rust" / name, folder / name)
    run("cargo", "build", "--quiet", "--locked", cwd=folder, env={"CARGO_TARGET_DIR": str(folder / "target")})
    return [folder / "target" / "debug" / "scenario"], {}


def own(_jar):
    """The project's own client, which scripts/generate makes: built with the tests, as one of their programs."""
    run("cargo", "test", "--workspace", "--locked", "--no-run", "--quiet")
    return [Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug" / "examples" / "scenario"], {}


# Those of openapi-generator, and our own.
STRANGERS = {"python": python, "typescript": typescript, "java": java, "go": go, "rust": rust}
LANGUAGES = STRANGERS | {"own": own}


def check_plan():
    """Every language of the plan has its builder, and the other way round."""
    if set(PLAN) != set(STRANGERS):
        raise CannotRun(f"languages.json and languages.py disagree: {sorted(set(PLAN) ^ set(STRANGERS))}")
