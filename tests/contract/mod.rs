//! Client and sandbox against the facts of the vendor's published OpenAPI files ([`facts`]).
//!
//! Client and sandbox share their wire types, so a mistake in those is invisible from inside. The
//! facts are read more strictly than OpenAPI asks for ([`schema`]): a field that they do not list is
//! an error, unless [`deviations`] gives a reason for it.

mod deviations;
mod exchange;
mod facts;
mod fields;
mod fuzz;
mod generate;
mod openapi;
mod parity;
mod refusals;
mod requests;
mod schema;
mod walk;
