"""scripts/check-arrows refuses what the house forbids, and nothing else."""

import importlib.machinery
import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "check-arrows"
LOADER = importlib.machinery.SourceFileLoader("check_arrows", str(SCRIPT))
arrows = importlib.util.module_from_spec(importlib.util.spec_from_loader("check_arrows", LOADER))
LOADER.exec_module(arrows)


def faults(tmp_path, files):
    for name, source in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    return arrows.check(tmp_path)[0]


@pytest.mark.parametrize(("name", "source"), [
    ("src/service/users.rs", "use sea_orm::EntityTrait;"),
    ("src/service/users.rs", "use generated::models::User;"),
    ("src/api/users.rs", "use hyper::body::Incoming;"),
    ("src/service/users.rs", "fn f() { ::argon2::hash(); }"),
    ("src/domain/user.rs", "use http::StatusCode;"),
    ("src/main.rs", "use hyper as web;"),
    ("src/service/users.rs", "use crate::api::users;"),
    ("src/service/users.rs", "use crate::{domain::user, http::server};"),
    ("src/store/users.rs", "use crate::infra::clock::Clock;"),
    ("src/domain/user.rs", "fn f() { crate::settings::load(); }"),
    ("src/seed/mod.rs", "use crate::transfer::import;"),
    ("src/transfer/mod.rs", "use crate::api::products;"),
    ("src/service/users.rs", "use crate::seed::Plan;"),
    ("src/service.rs", "use super::http::server;"),
    ("src/service/users.rs", "use super::super::api;"),
    ("src/service/users.rs", "mod tests { use super::super::super::api; }"),
    ("src/service/users.rs", "fn f() { x().unwrap(); }"),
    ("contract/src/lib.rs", 'fn f() { x().expect("a//b"); \n}'),
    ("src/service/users.rs", "fn f() { x()\n    .unwrap() }"),
    ("src/service/users.rs", "#[cfg(test)]\nuse a::b;\nfn f() { x().unwrap(); }"),
])
def test_refused(tmp_path, name, source):
    assert len(faults(tmp_path, {name: source})) == 1


@pytest.mark.parametrize(("name", "source"), [
    ("src/http/server.rs", "use hyper::body::Incoming; use crate::{api::users, service::Shop};"),
    ("src/http.rs", "pub mod server;"),
    ("src/seed/mod.rs", "use crate::{service::Shop, domain::time::Timestamp};"),
    ("src/store/users.rs", "use sea_orm::EntityTrait; use crate::domain::user::User; use super::rows;"),
    ("src/service/users.rs", "use crate::{domain::{user, order}, store::Db}; use crate::service::Error;"),
    ("src/service/users.rs", "// use sea_orm::EntityTrait;\n/* crate::api /* nested */ hyper:: */"),
    ("src/service/users.rs", 'const TEXT: &str = "hyper::x crate::api"; const RAW: &str = r#"sea_orm::"#;'),
    ("src/service/users.rs", "fn f<'a>(generated: &'a str) -> usize { generated.len() }"),
    ("src/service/users.rs", "use crate::infra::http_text; fn f() { other::http::g(); }"),
    ("src/main.rs", "use shopkeeper::http; fn main() { http::server::run(); shopkeeper::settings::load(); }"),
    ("src/service/users.rs", "fn f() {\n    // The pattern is a constant that a test compiles.\n    x().unwrap();\n}"),
    ("src/service/users.rs", "fn f() { x().unwrap(); } // cannot fail: just checked"),
    ("src/service/users.rs", "fn f() { x().unwrap_or_default(); }"),
    ("src/service/users.rs", 'fn f() { x().expect("the pattern is a constant"); }'),
    ("src/service/users.rs", "#[cfg(all(test, unix))]\nmod tests { fn f() { x().unwrap(); } }"),
    ("src/service/users.rs", "#[cfg(test)]\nmod tests {\n    const C: char = '}';\n    fn f() { x().unwrap(); }\n}"),
    ("tests/api/main.rs", "use hyper::Client; fn f() { x().unwrap(); }"),
])
def test_allowed(tmp_path, name, source):
    assert faults(tmp_path, {name: source}) == []


@pytest.mark.parametrize(("parent", "module"), [
    ("src/service/mod.rs", "src/service/plans.rs"),
    ("src/service.rs", "src/service/plans.rs"),
    ("src/lib.rs", "src/plans.rs"),
    ("src/service/mod.rs", "src/service/plans/lists.rs"),
])
def test_a_module_for_tests_may_panic(tmp_path, parent, module):
    panicking = {module: "fn f() { x().unwrap(); }"}
    assert faults(tmp_path, {parent: "#[cfg(test)]\nmod plans;", **panicking}) == []
    assert len(faults(tmp_path, {parent: "mod plans;", **panicking})) == 1


def test_a_fault_is_named_with_its_place(tmp_path):
    told = faults(tmp_path, {"src/service/users.rs": "//! Users.\n\nuse crate::api::users;\n"})
    assert told == ["src/service/users.rs:3: service names api: arrows run down only"]


def test_a_long_file_is_named_but_is_no_fault(tmp_path):
    assert faults(tmp_path, {"src/service/users.rs": "\n" * 500}) == []
    assert arrows.check(tmp_path)[1] == [("src/service/users.rs", 500)]
