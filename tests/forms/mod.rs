//! Properties of every kind of input: each form takes any bytes. The targets in `fuzz/` call them with what
//! libFuzzer makes of the corpus, `fuzz.rs` with simpler variations of it.

mod answers;
mod criteria;
mod events;
mod filters;
mod plans;
mod rules;
mod seeds;
mod states;
mod tables;

/// A form: panics where a property does not hold.
pub type Form = fn(&[u8]);

/// All of them, by the names of their targets.
pub const FORMS: [(&str, Form); 9] = [
    ("answers", answers::check),
    ("criteria", criteria::check),
    ("events", events::check),
    ("filters", filters::check),
    ("plans", plans::check),
    ("rules", rules::check),
    ("seeds", seeds::check),
    ("states", states::check),
    ("tables", tables::check),
];

/// The form of a target.
pub fn form(name: &str) -> Form {
    let found = FORMS.iter().find(|(target, _)| *target == name);
    found.map(|(_, form)| *form).unwrap_or_else(|| panic!("there is no form '{name}'"))
}
