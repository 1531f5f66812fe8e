//! The playbook of the command line: read, checked beside the models, ready to be carried out.

use std::{collections::BTreeSet, env, path::Path};

use kelvin_model::{Loaded, diagnostics::Diagnostic, playbook};
use kelvin_server::{Playbook, Settings};
use kelvin_store::{Location, Switch, Version, View};
use reqwest::Url;

use crate::{
    failure::{Failure, Outcome},
    render::text::counted,
    source::Source,
    terminal::{Terminal, tell},
};

/// Reads the address under which people reach the service; nothing, if none is named.
pub(crate) fn public_url(text: &str) -> Result<String, String> {
    if text.is_empty() {
        return Ok(String::new());
    }
    let parsed = Url::parse(text).ok().filter(|url| ["http", "https"].contains(&url.scheme()));
    let url = parsed.ok_or("write one of the web, `https://kelvin.acme.example`")?;
    // Paths of leads are put behind it, and everybody who gets a message sees it.
    if url.query().is_some()
        || url.fragment().is_some()
        || !url.username().is_empty()
        || url.password().is_some()
    {
        return Err("write host and path alone, `https://acme.example/kelvin`".to_owned());
    }
    Ok(url.to_string())
}

/// The playbook of a file, ready to be carried out; read as [`read`] does.
pub(crate) fn ready(
    path: &Path,
    models: (&[&Loaded], Option<&Location>),
    settings: Settings,
    terminal: &Terminal,
) -> Outcome<Playbook> {
    let plan = read(path, models, terminal)?;
    let environment = |name: &str| env::var(name).ok();
    Playbook::new(plan, settings, environment).map_err(|variable| {
        let message = format!("`{}` needs the variable `{variable}` of the environment", path.display());
        Failure::new(message).help(format!("set it: `{variable}=… kelvin serve …`"))
    })
}

/// What the playbook of a file says; one that has errors ends the run, all of them told on standard error. It is checked beside
/// models, and those of a store that are not among them.
pub(crate) fn read(
    path: &Path,
    (models, store): (&[&Loaded], Option<&Location>),
    terminal: &Terminal,
) -> Outcome<playbook::Playbook> {
    let source = Source::read(path)?;
    let named = playbook::load_bytes(&source.name(), &source.bytes, &[]).plan;
    let named = named.as_ref().map(models_of).unwrap_or_default();
    let stored = store.map(|store| stored(store, &named)).unwrap_or_default();
    let mut ids = BTreeSet::new();
    let all = models.iter().copied().chain(&stored).map(|loaded| &loaded.model);
    let models: Vec<_> = all.filter(|model| ids.insert(model.id.as_ref().map(|id| &id.value))).collect();
    let mut loaded = playbook::load_bytes(&source.name(), &source.bytes, &models);
    loaded.plan.take().ok_or_else(|| unusable(loaded, terminal))
}

/// The models that serve in a store, or are to, and those of some names that ever were published there. None where the store is
/// not there yet, or cannot be looked into: what is wrong with it is told when it is opened.
fn stored(store: &Location, named: &[&str]) -> Vec<Loaded> {
    let looked = kelvin_store::look_into(store.clone(), |view| -> kelvin_store::Result<_> {
        let (coming, serving) = (view.pending_switches()?, view.in_service()?);
        let switches: Vec<&Switch> = coming.iter().chain(&serving).collect();
        let ids = switches.iter().map(|switch| switch.model.as_str()).chain(named.iter().copied());
        let ids: BTreeSet<&str> = ids.collect();
        ids.into_iter().map(|id| version(view, &switches, id)).collect::<Result<Vec<_>, _>>()
    });
    let versions = looked.unwrap_or_default().into_iter().flatten();
    versions.map(|version| kelvin_model::load(&version.model, &version.text)).collect()
}

/// The version of a model that counts: the first that a switch names, else the last that was published.
fn version(view: &dyn View, switches: &[&Switch], id: &str) -> kelvin_store::Result<Option<Version>> {
    match switches.iter().find(|switch| switch.model == id) {
        Some(switch) => view.version(id, switch.version),
        None => Ok(view.versions(id)?.into_iter().next()),
    }
}

/// The models that a playbook names.
fn models_of(plan: &playbook::Playbook) -> Vec<&str> {
    let hand_offs = plan.hand_offs.iter().filter_map(|hand_off| hand_off.model.as_deref());
    let alerts = plan.alerts.iter().filter_map(|alert| alert.model.as_deref());
    let arms = plan.experiments.iter().flat_map(|experiment| {
        let challengers = experiment.challengers.iter().map(|challenger| &challenger.model);
        challengers.chain(&experiment.shadow).chain([&experiment.champion]).map(String::as_str)
    });
    hand_offs.chain(alerts).chain(arms).collect()
}

/// Tells what is wrong with a playbook.
fn unusable(mut loaded: playbook::Loaded, terminal: &Terminal) -> Failure {
    loaded.diagnostics.retain(Diagnostic::is_error);
    tell(loaded.render(terminal.colour));
    let errors = counted(loaded.diagnostics.len() as u64, "error");
    Failure::new(format!("`{}` has {errors}", loaded.name))
}

#[cfg(test)]
mod tests {
    use super::public_url;

    #[test]
    fn people_reach_the_service_by_an_address_of_the_web() {
        let told = |text: &str| {
            public_url(text).map_err(|why| why.split_once(',').map_or("", |(why, _)| why).to_owned())
        };
        assert_eq!(told("https://Kelvin.acme.example").as_deref(), Ok("https://kelvin.acme.example/"));
        assert_eq!(told("http://10.0.0.7:8080/kelvin/").as_deref(), Ok("http://10.0.0.7:8080/kelvin/"));
        assert_eq!(told("").as_deref(), Ok(""));
        for text in
            ["javascript:alert(1)", "kelvin.acme.example", "localhost:8080", "https://", "ftp://acme.example"]
        {
            assert_eq!(told(text), Err("write one of the web".to_owned()), "{text}");
        }
        for text in
            ["https://acme.example/?x=1", "https://acme.example/#x", "https://ada:sesame@acme.example"]
        {
            assert_eq!(told(text), Err("write host and path alone".to_owned()), "{text}");
        }
    }
}
