//! Client and sandbox against the vendor's published OpenAPI files, which are not part of this
//! repository: `../shared/openapi`, or the folder in `TDX_RT_OPENAPI`. Without them every test here
//! passes and says so.
//!
//! Client and sandbox share their wire types, so a mistake in those is invisible from inside. The
//! files are read more strictly than OpenAPI asks for ([`schema`]): a field that they do not list is
//! an error, unless [`deviations`] gives a reason for it.

mod deviations;
mod exchange;
mod fuzz;
mod generate;
mod openapi;
mod parity;
mod refusals;
mod requests;
mod schema;
mod walk;

use openapi::Contract;

/// Runs a test with the files, or says that they are not there.
fn with_contract(test: impl FnOnce(&Contract)) {
    match openapi::folder() {
        Ok(folder) => test(&Contract::load(&folder)),
        Err(folder) => crate::common::skipped(&format!("no OpenAPI files at {}", folder.display())),
    }
}
