#![no_main]

#[path = "../../tests/forms/mod.rs"]
mod forms;

libfuzzer_sys::fuzz_target!(|data: &[u8]| forms::form("answers")(data));
