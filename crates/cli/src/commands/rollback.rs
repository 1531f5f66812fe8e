//! `kelvin rollback`: has an earlier version of a model serve again in a running service.

use std::{env, thread, time::Duration};

use clap::Args;
use serde_json::{Value as Json, json};

use crate::{
    failure::{Exit, Failure, Outcome},
    output::Output,
    render::text::harmless,
    service::{At, Service},
    terminal::tell,
};

/// How often a service is asked how far it is.
const BEAT: Duration = Duration::from_millis(200);

/// Where the author's name may stand, the most telling first.
const AUTHOR: [&str; 3] = ["KELVIN_AUTHOR", "USER", "USERNAME"];

/// Have an earlier version of a model serve again in a running service
///
/// As with `kelvin publish`, all leads are scored in the background, and then the version takes over at once.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin rollback saas-new-business                     the version that served before
  kelvin rollback saas-new-business --to 3 --note \"the new points were too high\"
  curl localhost:8080/api/v1/models/saas-new-business   all versions, and when each served

Exit status: 0 the version serves (with --no-wait: is to serve); 2 there is no such version, or the service is unusable.")]
pub(crate) struct Arguments {
    /// The model's id
    #[arg(value_name = "MODEL")]
    model: String,

    /// The version; without it, the one that served before
    #[arg(long, value_name = "NUMBER")]
    to: Option<u64>,

    #[command(flatten)]
    at: At,

    #[command(flatten)]
    by: By,
}

/// Who asks, and why.
#[derive(Debug, Args)]
pub(crate) struct By {
    /// Why, for those who read the history of the model
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) note: String,

    /// Who, where no key says it; KELVIN_AUTHOR in the environment, or else the name of the user who is logged in
    #[arg(long, value_name = "NAME")]
    author: Option<String>,

    /// Only if this version serves: nobody had another serve meanwhile
    #[arg(long, value_name = "NUMBER")]
    if_version: Option<u64>,

    /// Do not wait until the version serves
    #[arg(long)]
    pub(crate) no_wait: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let Arguments { model, to, at, by } = arguments;
    let service = at.service()?;
    let asked = json!({"to": to, "note": by.note, "author": by.author()});
    let tag = by.tag(&service, model)?;
    let told = service.post_if(&["models", model, "rollback"], &asked, tag.as_deref())?;
    tell_what_comes(&service, &told, by.no_wait)
}

impl By {
    pub(crate) fn author(&self) -> String {
        let known = || AUTHOR.iter().find_map(|name| env::var(name).ok().filter(|name| !name.is_empty()));
        self.author.clone().or_else(known).unwrap_or_default()
    }

    /// The tag of a model as it is now, where a version is named that is to serve now.
    ///
    /// # Errors
    /// Another version serves, or one is being made ready.
    pub(crate) fn tag(&self, service: &Service, model: &str) -> Outcome<Option<String>> {
        let Some(wanted) = self.if_version else { return Ok(None) };
        let (now, tag) = service.get_tagged(&["models", model])?;
        let (serving, coming) = (&now["serving"]["version"], &now["coming"]["version"]);
        let look = "look what it changed with `kelvin diff`, and name that version";
        if !coming.is_null() {
            let why = format!("version {coming} of `{model}` is being made ready");
            return Err(Failure::new(why).help(look));
        }
        if serving.as_u64() != Some(wanted) {
            let serving =
                if serving.is_null() { "no version".to_owned() } else { format!("version {serving}") };
            let failure = Failure::new(format!("{serving} of `{model}` serves, and not version {wanted}"));
            return Err(failure.help(look));
        }
        Ok(tag)
    }
}

/// Tells what a version changes, and waits until it serves.
pub(crate) fn tell_what_comes(service: &Service, told: &Json, no_wait: bool) -> Outcome {
    let (model, version) = (told["model"].as_str().unwrap_or_default(), &told["version"]);
    for change in told["changes"].as_array().into_iter().flatten() {
        let sentence = harmless(change["text"].as_str().unwrap_or_default());
        Output::write_text(None, &format!("{sentence}\n"))?;
    }
    if told["status"] == "serving" {
        Output::write_text(None, &format!("version {version} of `{model}` serves already\n"))?;
        return Ok(Exit::Done);
    }
    if no_wait {
        Output::write_text(None, &format!("version {version} of `{model}` is being made ready\n"))?;
        return Ok(Exit::Done);
    }
    wait(service, model, version)?;
    Output::write_text(None, &format!("version {version} of `{model}` serves\n"))?;
    Ok(Exit::Done)
}

/// Waits until nothing of a model is to come; tells how far it is, for each tenth.
fn wait(service: &Service, model: &str, version: &Json) -> Outcome<()> {
    let mut told = 0;
    loop {
        let now = service.get(&["models", model])?;
        if now["coming"].is_null() {
            return came(&now["switches"][0], model, version);
        }
        let number = |key: &str| now["progress"][key].as_u64().unwrap_or(0);
        let tenths = (10 * number("done")).checked_div(number("all")).unwrap_or(0);
        if tenths > told {
            told = tenths;
            tell(format_args!("version {version} of `{model}`: {tenths}0 % of the log is read"));
        }
        thread::sleep(BEAT);
    }
}

/// What came of the last switch.
fn came(switch: &Json, model: &str, version: &Json) -> Outcome<()> {
    match switch["failure"].as_str() {
        Some(why) => Err(Failure::new(format!("version {version} of `{model}` cannot serve: {why}"))),
        None => Ok(()),
    }
}
