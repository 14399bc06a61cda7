//! Questions to the platform's query engine: how SQL is written safely, which time it looks at, and how the job that
//! runs it is followed. The engine computes; nothing of production data is computed here.

mod failure;
mod follow;
mod marker;
mod quote;
mod window;

pub use failure::{FailureKind, QueryFailure};
pub use follow::{Begun, begin, finished};
pub use marker::Marker;
pub use quote::{Unsayable, identifier, like_part, literal, literals};
pub use window::Window;
