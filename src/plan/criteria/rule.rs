//! From a parsed text to the platform's rule.

use super::render::canonical;
use super::{CriteriaError, Expr};
use crate::platform::rule::{Operator, Rule};

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleOperand {
    /// A column of the event.
    Column(String),
    /// An attribute of the profile.
    Attribute {
        /// `realtimeAttributeId`.
        id: String,
        /// `subAttributeIdentifier`.
        sub: Option<String>,
    },
}

impl Expr {
    /// The rule, in [`canonical`] form. `operand` says what a name stands for, or why it stands for
    /// nothing; that becomes the error, at the name's place. `NOT` goes down to the conditions (De
    /// Morgan), because the platform negates operators only.
    pub fn to_rule(
        &self,
        operand: &mut dyn FnMut(&str) -> Result<RuleOperand, String>,
    ) -> Result<Rule, CriteriaError> {
        self.lower(false, operand).map(|rule| canonical(&rule))
    }

    /// The rule over the columns of an event.
    pub fn to_column_rule(&self) -> Rule {
        let columns = self.to_rule(&mut |name| Ok(RuleOperand::Column(name.to_owned())));
        // Every name is a column, so there is no error to lose.
        columns.unwrap_or_default()
    }

    fn lower(
        &self,
        negated: bool,
        operand: &mut dyn FnMut(&str) -> Result<RuleOperand, String>,
    ) -> Result<Rule, CriteriaError> {
        let mut all = |rules: &[Expr]| {
            rules.iter().map(|rule| rule.lower(negated, operand)).collect::<Result<Vec<_>, _>>()
        };
        Ok(match (self, negated) {
            (Expr::Not(inner), _) => inner.lower(!negated, operand)?,
            (Expr::And(rules), false) | (Expr::Or(rules), true) => Rule::And(all(rules)?),
            (Expr::Or(rules), false) | (Expr::And(rules), true) => Rule::Or(all(rules)?),
            (Expr::Test { name, operator }, _) => {
                let operator = Operator { not: operator.not != negated, ..operator.clone() };
                match operand(&name.text).map_err(|why| CriteriaError::new(why, name.span.clone()))? {
                    RuleOperand::Column(column) => Rule::Column { column, operator },
                    RuleOperand::Attribute { id, sub } => Rule::Attribute { id, sub, operator },
                }
            }
        })
    }
}
