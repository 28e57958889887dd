//! Reading single values from the environment.

use crate::error::SettingsError;
use crate::table::Setting;

/// The variables that are set, whoever set them.
pub(crate) struct Variables<'a>(pub(crate) &'a dyn Fn(&str) -> Option<String>);

impl Variables<'_> {
    /// The value and the name under which it was given. An empty value is a value.
    pub(crate) fn given(&self, setting: &Setting) -> Option<(&'static str, String)> {
        let names = [setting.name, setting.grist].into_iter().filter(|name| !name.is_empty());
        names.into_iter().find_map(|name| (self.0)(name).map(|value| (name, value)))
    }

    /// The text; empty counts as not given.
    pub(crate) fn text(&self, setting: &Setting) -> Option<String> {
        self.given(setting).map(|(_, value)| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    pub(crate) fn switch(&self, setting: &Setting, default: bool) -> Result<bool, SettingsError> {
        let Some((name, value)) = self.given(setting) else { return Ok(default) };
        match value.trim().to_ascii_lowercase().as_str() {
            "" => Ok(default),
            "1" | "on" | "true" | "yes" => Ok(true),
            "0" | "off" | "false" | "no" => Ok(false),
            _ => Err(SettingsError::Value { name, value, expected: "on or off" }),
        }
    }

    pub(crate) fn number<N: std::str::FromStr>(
        &self,
        setting: &Setting,
        default: N,
    ) -> Result<N, SettingsError> {
        let Some((name, value)) = self.given(setting) else { return Ok(default) };
        if value.trim().is_empty() {
            return Ok(default);
        }
        value.trim().parse().map_err(|_| SettingsError::Value { name, value, expected: "a whole number" })
    }
}
