//! Names: which are legal, which exist, and which was meant.

use std::collections::HashMap;

use super::error::TrackError;
use super::exercise::Exercise;
use super::manifest::Manifest;

/// Whether a name may be an exercise's, a topic's, or a group's: `[a-z][a-z0-9_]*`, at most 48 characters.
pub fn is_name(name: &str) -> bool {
    name.len() <= 48
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .chars()
            .all(|each| each.is_ascii_lowercase() || each.is_ascii_digit() || each == '_')
}

/// Whether a name is a plain file name: no folder, nothing hidden.
pub(super) fn is_file_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('.')
        && name
            .chars()
            .all(|each| each.is_ascii_alphanumeric() || "._-".contains(each))
}

/// The known name that was most likely meant.
pub fn did_you_mean<'a>(meant: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const ALIKE: f64 = 0.75;
    known
        .into_iter()
        .map(|name| {
            let alike = strsim::jaro_winkler(meant, name);
            let holds = meant.len() >= 3 && name.contains(meant);
            (if holds { alike.max(ALIKE) } else { alike }, name)
        })
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|one, two| one.0.total_cmp(&two.0))
        .map(|(_, name)| name)
}

/// `; did you mean "…"?`, or nothing.
pub(super) fn hint<'a>(meant: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    did_you_mean(meant, known)
        .map(|name| format!("; did you mean \"{name}\"?"))
        .unwrap_or_default()
}

/// Exercises by name and by former name.
pub(super) fn index(
    manifest: &Manifest,
    exercises: &[Exercise],
) -> Result<HashMap<String, usize>, TrackError> {
    let mut by_name = HashMap::new();
    let twice = |name: &str| TrackError::Content {
        place: manifest.place.clone(),
        what: format!("the exercise name \"{name}\" is used twice (names and aliases are unique)"),
    };
    for (index, exercise) in exercises.iter().enumerate() {
        if by_name.insert(exercise.name.clone(), index).is_some() {
            return Err(twice(&exercise.name));
        }
    }
    for (index, exercise) in exercises.iter().enumerate() {
        for alias in &exercise.aliases {
            if by_name.insert(alias.clone(), index).is_some() {
                return Err(twice(alias));
            }
        }
    }
    Ok(by_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_lower_case_words() {
        for good in ["two_sum", "a", "lru_cache_o1"] {
            assert!(is_name(good), "{good}");
        }
        for bad in [
            "",
            "Two",
            "1st",
            "two-sum",
            "../etc",
            "a b",
            "ä",
            &"a".repeat(49),
        ] {
            assert!(!is_name(bad), "{bad}");
        }
    }

    #[test]
    fn file_names_have_no_folder() {
        for good in ["two_sum.rs", "Dockerfile", "main-2.tf"] {
            assert!(is_file_name(good), "{good}");
        }
        for bad in ["", ".hidden", "../x", "a/b", "a\\b", ".."] {
            assert!(!is_file_name(bad), "{bad}");
        }
    }

    #[test]
    fn the_nearest_name_is_meant() {
        let known = ["two_sum", "kadane", "lru_cache_o1"];
        assert_eq!(did_you_mean("two_sun", known), Some("two_sum"));
        assert_eq!(did_you_mean("lru", known), Some("lru_cache_o1"));
        assert_eq!(did_you_mean("cache", known), Some("lru_cache_o1"));
        assert_eq!(did_you_mean("zzz", known), None);
        assert_eq!(did_you_mean("", known), None);
    }
}
