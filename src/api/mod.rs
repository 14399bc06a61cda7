//! The client of the platform's APIs: one [`Client::send`] with authorization, timeouts, retries
//! and error translation, and one file per resource on top of it.

mod answer;
mod attributes;
mod audiences;
mod call;
#[doc(hidden)]
pub mod canned;
mod client;
mod curl;
mod error;
mod exchange;
mod ingest;
mod jobs;
mod journeys;
mod key_events;
mod lenient;
mod pages;
mod path;
mod personalization;
mod personalizations;
mod running;
mod runs;
mod sandbox;
mod services;
mod setting;
mod tables;
mod writes;

pub use answer::AnswerLimits;
pub use call::{Call, Collected, Host, Media, Planned};
pub use client::{Client, ClientOptions, Recorder};
pub use curl::commands as curl_commands;
pub use error::{ApiError, Distrust, Failure};
pub use exchange::{Exchange, Observer};
pub use jobs::{Job, JobState, JobStatus, RowsRead};
pub use journeys::{Authentication, NewAuthentication};
pub(crate) use lenient::id_text;
pub use path::Path;
pub use personalization::EventAnswer;
pub use running::{RunningQueries, RunningQuery};
pub use writes::{SentWrite, Writes};
