//! What is printed without a shop: settings, the document, the commands that generate clients, completions.

use super::Said;
use super::audience::tailor;
use crate::cli::{Cli, Form, Language, OpenApi, Print};
use crate::settings::{self, Effective, Settings};
use crate::start::Fault;
use clap::CommandFactory;
use clap_complete::Shell;
use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::json;
use std::collections::HashMap;
use std::fmt;

/// How the client of each language is generated: the plan that `scripts/clients` follows.
const CLIENTS: &str = include_str!("../../tests/clients/languages.json");

/// Prints what needs no settings.
///
/// # Errors
/// When this program was built wrongly.
pub fn print(what: Print) -> Result<Said, Fault> {
    match what {
        Print::Openapi(wanted) => document(wanted),
        Print::Client { language } => client(language),
        Print::Completions { shell } => Ok(completions(shell)),
    }
}

fn document(OpenApi { audience, json }: OpenApi) -> Result<Said, Fault> {
    let Some(audience) = audience else {
        let text = if json { generated::DOCUMENT_JSON } else { generated::DOCUMENT_YAML };
        return Ok(Said::well(text.trim_end().to_owned() + "\n"));
    };
    let mut document = serde_json::from_str(generated::DOCUMENT_JSON)
        .map_err(|error| Fault(format!("The built-in document is damaged: {error}.")))?;
    tailor(&mut document, audience);
    Ok(Said::well(format!("{document:#}\n")))
}

/// Every setting that is in effect.
#[must_use]
pub fn show_settings(form: Form, settings: &Settings) -> Said {
    let effective = settings.effective().into_iter();
    Said::well(if form.json {
        let list = effective
            .map(|Effective { name, value, secret }| json!({ "name": name, "value": value, "secret": secret }));
        format!("{}\n", list.collect::<serde_json::Value>())
    } else {
        effective.map(line).collect()
    })
}

/// As a file of variables has it; what is not set stands there as a comment.
fn line(Effective { name, value, .. }: Effective) -> String {
    value.map_or_else(|| format!("# {name}=\n"), |value| format!("{name}={value}\n"))
}

/// Every fault of the settings.
#[must_use]
pub fn check_settings(form: Form, judged: &Result<Settings, Vec<settings::Fault>>) -> Said {
    let faults = judged.as_ref().err().map(Vec::as_slice).unwrap_or_default();
    let sentences: Vec<String> = faults.iter().map(ToString::to_string).collect();
    let well = judged.is_ok();
    if form.json {
        let report = json!({ "valid": well, "faults": sentences });
        return Said { told: format!("{report}\n"), complaints: String::new(), well };
    }
    let told = if well { "The settings stand.\n".to_owned() } else { String::new() };
    Said { told, complaints: sentences.into_iter().map(|sentence| sentence + "\n").collect(), well }
}

/// What the generator is told for one language.
#[derive(Deserialize)]
struct Plan {
    generator: String,
    library: Option<String>,
    properties: Pairs,
    needs: String,
}

fn client(language: Language) -> Result<Said, Fault> {
    let broken = |reason: &dyn fmt::Display| Fault(format!("The list of clients is damaged: {reason}."));
    let mut plans: HashMap<String, Plan> = serde_json::from_str(CLIENTS).map_err(|error| broken(&error))?;
    let plan = plans.remove(language.name()).ok_or_else(|| broken(&"a language is not in it"))?;
    let library = plan.library.map(|library| format!(" --library {library}")).unwrap_or_default();
    let options = match plan.properties {
        Pairs(pairs) if pairs.is_empty() => String::new(),
        Pairs(pairs) => {
            let pairs: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
            format!(" --additional-properties {}", pairs.join(","))
        }
    };
    Ok(Said::well(format!(
        "# What the client needs: {needs}\n\
         shopkeeper openapi > openapi.yaml\n\
         openapi-generator-cli generate -i openapi.yaml -g {generator}{library}{options} -o client\n",
        needs = plan.needs,
        generator = plan.generator,
    )))
}

fn completions(shell: Shell) -> Said {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "shopkeeper", &mut script);
    Said::well(String::from_utf8_lossy(&script).into_owned())
}

/// Members of an object in the order in which they are written, which is that of the documentation's commands.
struct Pairs(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Pairs;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object of texts")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut members: M) -> Result<Pairs, M::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = members.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ValueEnum;

    #[test]
    fn each_client_that_is_tested_can_be_asked_for() {
        let plans: HashMap<String, Plan> = serde_json::from_str(CLIENTS).expect("a plan for each language");
        assert_eq!(plans.len(), Language::value_variants().len());
        for language in Language::value_variants() {
            assert!(plans.contains_key(language.name()), "{language:?}");
            let word = language.to_possible_value().expect("a language that is not hidden");
            assert_eq!(word.get_name(), language.name());
        }
    }
}
