//! Parse, run, exit.

use std::process::ExitCode;
use tdx_rt::settings::Environment;

fn main() -> ExitCode {
    ExitCode::from(tdx_rt::cli::main(std::env::args_os(), Environment::capture()))
}
