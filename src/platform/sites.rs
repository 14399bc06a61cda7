//! The five sites (regions) of Treasure Data and their hosts.
//!
//! Sources: the `servers` lists of the published OpenAPI descriptions, td-mcp-server's endpoint
//! tables, and td-js-sdk's `PERSONALIZATION_2.md` and `STREAMING_INGESTION.md`.

use schemars::JsonSchema;
use serde::Serialize;
use std::fmt;
use std::str::FromStr;

/// A site of the platform. An account lives in exactly one; ids of one site answer 404 in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Site {
    /// United States.
    Us01,
    /// Japan; also written `ap01` (personalization, ingest) and `tokyo` (older tools).
    Jp01,
    /// Europe.
    Eu01,
    /// Korea.
    Ap02,
    /// Asia Pacific 3.
    Ap03,
}

impl Site {
    /// Every site, in the order of the vendor's documentation.
    pub const ALL: [Site; 5] = [Site::Us01, Site::Jp01, Site::Eu01, Site::Ap02, Site::Ap03];

    /// The canonical spelling, as in `TDX_SITE`.
    pub fn as_str(self) -> &'static str {
        match self {
            Site::Us01 => "us01",
            Site::Jp01 => "jp01",
            Site::Eu01 => "eu01",
            Site::Ap02 => "ap02",
            Site::Ap03 => "ap03",
        }
    }

    /// Base URL of the CDP API (parent segments, real-time settings, entities).
    pub fn cdp(self) -> &'static str {
        match self {
            Site::Us01 => "https://api-cdp.treasuredata.com",
            Site::Jp01 => "https://api-cdp.treasuredata.co.jp",
            Site::Eu01 => "https://api-cdp.eu01.treasuredata.com",
            Site::Ap02 => "https://api-cdp.ap02.treasuredata.com",
            Site::Ap03 => "https://api-cdp.ap03.treasuredata.com",
        }
    }

    /// Base URL of the TD API (databases and tables), without the `/v3`.
    pub fn api(self) -> &'static str {
        match self {
            Site::Us01 => "https://api.treasuredata.com",
            Site::Jp01 => "https://api.treasuredata.co.jp",
            Site::Eu01 => "https://api.eu01.treasuredata.com",
            Site::Ap02 => "https://api.ap02.treasuredata.com",
            Site::Ap03 => "https://api.ap03.treasuredata.com",
        }
    }

    /// Base URL of the personalization API. Japan is `ap01` here.
    pub fn p13n(self) -> &'static str {
        match self {
            Site::Us01 => "https://us01.p13n.in.treasuredata.com",
            Site::Jp01 => "https://ap01.p13n.in.treasuredata.com",
            Site::Eu01 => "https://eu01.p13n.in.treasuredata.com",
            Site::Ap02 => "https://ap02.p13n.in.treasuredata.com",
            Site::Ap03 => "https://ap03.p13n.in.treasuredata.com",
        }
    }

    /// Base URL of streaming ingest. Japan is `ap01` here.
    pub fn records(self) -> &'static str {
        match self {
            Site::Us01 => "https://us01.records.in.treasuredata.com",
            Site::Jp01 => "https://ap01.records.in.treasuredata.com",
            Site::Eu01 => "https://eu01.records.in.treasuredata.com",
            Site::Ap02 => "https://ap02.records.in.treasuredata.com",
            Site::Ap03 => "https://ap03.records.in.treasuredata.com",
        }
    }

    /// The console's page of a journey.
    pub fn journey_console_url(self, parent_segment: &str, journey: &str) -> String {
        format!(
            "https://console-next.{}.treasuredata.com/app/ps/{parent_segment}/e/{journey}/rtj/da/je",
            self.as_str()
        )
    }

    /// The console's page of a personalization.
    pub fn personalization_console_url(self, parent_segment: &str, personalization: &str) -> String {
        format!(
            "https://console-next.{}.treasuredata.com/app/ps/{parent_segment}/e/{personalization}/p/de",
            self.as_str()
        )
    }
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A spelling that names no site.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a site; the sites are us01, jp01 (also ap01, tokyo), eu01, ap02 and ap03")]
pub struct UnknownSite(pub String);

impl FromStr for Site {
    type Err = UnknownSite;

    /// Accepts the spellings that the vendor's own tools use, in any case: `us`, `us01`, `jp`,
    /// `jp01`, `ap01`, `tokyo`, `eu`, `eu01`, `ap02`, `ap03`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim().to_ascii_lowercase().as_str() {
            "us01" | "us" => Ok(Site::Us01),
            "jp01" | "jp" | "ap01" | "tokyo" => Ok(Site::Jp01),
            "eu01" | "eu" => Ok(Site::Eu01),
            "ap02" => Ok(Site::Ap02),
            "ap03" => Ok(Site::Ap03),
            _ => Err(UnknownSite(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_finds_its_site() {
        for (text, site) in [
            ("us01", Site::Us01),
            ("US", Site::Us01),
            ("jp01", Site::Jp01),
            ("ap01", Site::Jp01),
            ("Tokyo", Site::Jp01),
            ("eu01", Site::Eu01),
            ("ap02", Site::Ap02),
            ("ap03", Site::Ap03),
        ] {
            assert_eq!(text.parse(), Ok(site), "{text}");
        }
        assert_eq!("mars".parse::<Site>(), Err(UnknownSite("mars".into())));
    }

    #[test]
    fn japan_is_ap01_in_the_personalization_host_only() {
        assert_eq!(Site::Jp01.p13n(), "https://ap01.p13n.in.treasuredata.com");
        assert_eq!(Site::Jp01.cdp(), "https://api-cdp.treasuredata.co.jp");
        assert!(Site::Jp01.personalization_console_url("1", "2").contains("console-next.jp01."));
    }
}
