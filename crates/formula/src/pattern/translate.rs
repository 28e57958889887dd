//! Reads a pattern by Python's grammar and writes it in the syntax of `fancy-regex`.

use super::class::{self, Escape};
use super::{Flags, PatternError};

/// A pattern in the target syntax.
pub(super) struct Translated {
    /// Where `$` is the end of the text.
    pub(super) plain: String,
    /// Where `$` is also before a last line end; absent when that makes no difference.
    pub(super) general: Option<String>,
    pub(super) flags: Flags,
    pub(super) names: Vec<(String, usize)>,
    pub(super) groups: usize,
}

/// Stands for `$` until the two variants are made; a private-use character that is escaped elsewhere.
const END: char = '\u{10FFFD}';

pub(super) fn translate(source: &str, flags: Flags) -> Result<Translated, PatternError> {
    let chars: Vec<char> = source.chars().collect();
    let mut flags = flags;
    let mut reader = Reader { chars: &chars, at: 0, groups: 0, closed: Vec::new(), names: Vec::new() };
    reader.leading_flags(&mut flags)?;
    let mut body = String::new();
    reader.alternatives(flags, &mut body)?;
    if reader.at < chars.len() {
        return Err(reader.error("unbalanced parenthesis", reader.at));
    }
    let general = body.contains(END).then(|| body.replace(END, "(?=\\n?\\z)"));
    Ok(Translated {
        plain: body.replace(END, "\\z"),
        general,
        flags,
        names: reader.names,
        groups: reader.groups,
    })
}

struct Reader<'a> {
    chars: &'a [char],
    at: usize,
    groups: usize,
    closed: Vec<usize>,
    names: Vec<(String, usize)>,
}

/// What a repetition would apply to.
#[derive(PartialEq)]
enum Last {
    Nothing,
    Item,
    Repeated,
}

impl Reader<'_> {
    fn error(&self, message: impl Into<String>, position: usize) -> PatternError {
        PatternError { message: message.into(), position: Some(position) }
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn looking_at(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(i, c)| self.chars.get(self.at + i) == Some(&c))
    }

    fn take(&mut self, text: &str) -> bool {
        let found = self.looking_at(text);
        if found {
            self.at += text.chars().count();
        }
        found
    }

    /// `(?im)` at the very start.
    fn leading_flags(&mut self, flags: &mut Flags) -> Result<(), PatternError> {
        while self.looking_at("(?")
            && self.chars.get(self.at + 2).is_some_and(|&c| "aiLmsux".contains(c))
            && let Some(end) = self.chars[self.at..].iter().position(|&c| c == ')')
            && self.chars[self.at + 2..self.at + end].iter().all(|&c| "aimsux".contains(c))
        {
            for &c in &self.chars[self.at + 2..self.at + end] {
                set_flag(flags, c, true);
            }
            self.at += end + 1;
        }
        Ok(())
    }

    fn alternatives(&mut self, flags: Flags, out: &mut String) -> Result<(), PatternError> {
        self.sequence(flags, out)?;
        while self.peek() == Some('|') {
            self.at += 1;
            out.push('|');
            self.sequence(flags, out)?;
        }
        Ok(())
    }

    fn sequence(&mut self, flags: Flags, out: &mut String) -> Result<(), PatternError> {
        let mut last = Last::Nothing;
        let mut item_start = out.len();
        while let Some(c) = self.peek() {
            if matches!(c, '|' | ')') {
                break;
            }
            let start = self.at;
            if flags.verbose && c.is_whitespace() {
                self.at += 1;
                continue;
            }
            if flags.verbose && c == '#' {
                while self.peek().is_some_and(|c| c != '\n') {
                    self.at += 1;
                }
                continue;
            }
            if let Some((low, high)) = self.repetition()? {
                match last {
                    Last::Nothing => return Err(self.error("nothing to repeat", start)),
                    Last::Repeated => return Err(self.error("multiple repeat", start)),
                    Last::Item => {}
                }
                let high_text = high.map(|n| n.to_string()).unwrap_or_default();
                out.insert_str(item_start, "(?:");
                out.push(')');
                match (low, high) {
                    (0, None) => out.push('*'),
                    (1, None) => out.push('+'),
                    (0, Some(1)) => out.push('?'),
                    (low, Some(high)) if low == high => out.push_str(&format!("{{{low}}}")),
                    _ => out.push_str(&format!("{{{low},{high_text}}}")),
                }
                if self.take("?") {
                    out.push('?');
                } else if self.take("+") {
                    out.insert_str(item_start, "(?>");
                    out.push(')');
                }
                last = Last::Repeated;
                continue;
            }
            item_start = out.len();
            self.at += 1;
            last = Last::Item;
            match c {
                '.' if flags.dot_all => out.push_str("[\\s\\S]"),
                '.' => out.push_str("[^\\n]"),
                '^' => {
                    out.push_str(if flags.multiline { "(?m:^)" } else { "\\A" });
                    last = Last::Nothing;
                }
                '$' => {
                    if flags.multiline {
                        out.push_str("(?m:$)");
                    } else {
                        out.push(END);
                    }
                    last = Last::Nothing;
                }
                '[' => {
                    let set = class::set(self.chars, start, &mut self.at, flags.ascii)?;
                    self.cased(flags, &set, out);
                }
                '(' => last = self.group(start, flags, out)?,
                '\\' => last = self.escaped(start, flags, out)?,
                c => self.cased(flags, &class::quote(c), out),
            }
        }
        Ok(())
    }

    fn cased(&self, flags: Flags, text: &str, out: &mut String) {
        if flags.ignore_case {
            out.push_str("(?i:");
            out.push_str(text);
            out.push(')');
        } else {
            out.push_str(text);
        }
    }

    /// `*`, `+`, `?`, `{2,5}` as least and greatest number; nothing is taken when there is none.
    fn repetition(&mut self) -> Result<Option<(u32, Option<u32>)>, PatternError> {
        let start = self.at;
        let simple = match self.peek() {
            Some('*') => Some((0, None)),
            Some('+') => Some((1, None)),
            Some('?') => Some((0, Some(1))),
            Some('{') => None,
            _ => return Ok(None),
        };
        self.at += 1;
        if simple.is_some() {
            return Ok(simple);
        }
        let low = self.digits();
        let mut high = low.clone();
        if self.take(",") {
            high = self.digits();
        } else if low.is_empty() {
            self.at = start;
            return Ok(None);
        }
        if !self.take("}") {
            self.at = start;
            return Ok(None);
        }
        let number = |text: &str| {
            text.parse::<u32>().map_err(|_| self.error("the repetition number is too large", start + 1))
        };
        let least = if low.is_empty() { 0 } else { number(&low)? };
        let most = if high.is_empty() { None } else { Some(number(&high)?) };
        if most.is_some_and(|most| most < least) {
            return Err(self.error("min repeat greater than max repeat", start + 1));
        }
        Ok(Some((least, most)))
    }

    fn digits(&mut self) -> String {
        let mut text = String::new();
        while let Some(c) = self.peek().filter(char::is_ascii_digit) {
            text.push(c);
            self.at += 1;
        }
        text
    }

    fn escaped(&mut self, start: usize, flags: Flags, out: &mut String) -> Result<Last, PatternError> {
        let Some(c) = self.peek() else {
            return Err(self.error("bad escape (end of pattern)", start));
        };
        let boundary = match c {
            'A' => "\\A",
            'Z' => "\\z",
            'b' => "\\b",
            'B' => "\\B",
            _ => "",
        };
        if !boundary.is_empty() {
            self.at += 1;
            out.push_str(boundary);
            return Ok(Last::Nothing);
        }
        if matches!(c, '1'..='9') {
            let octal = (0..3).all(|i| self.chars.get(self.at + i).is_some_and(|c| matches!(c, '0'..='7')))
                && c <= '3';
            if !octal {
                let mut text = c.to_string();
                self.at += 1;
                if let Some(second) = self.peek().filter(char::is_ascii_digit) {
                    text.push(second);
                    self.at += 1;
                }
                let number: usize = text.parse().unwrap_or(usize::MAX);
                if number > self.groups {
                    return Err(self.error(format!("invalid group reference {text}"), start + 1));
                }
                if !self.closed.contains(&number) {
                    return Err(self.error("cannot refer to an open group", start));
                }
                self.cased(flags, &format!("(?:\\{number})"), out);
                return Ok(Last::Item);
            }
        }
        match class::escape(self.chars, start, &mut self.at)? {
            Escape::Char(c) => self.cased(flags, &class::quote(c), out),
            Escape::Category(letter) => out.push_str(class::category(letter, flags.ascii, false)),
        }
        Ok(Last::Item)
    }

    fn group(&mut self, open: usize, flags: Flags, out: &mut String) -> Result<Last, PatternError> {
        let unterminated = "missing ), unterminated subpattern";
        let mut inner = flags;
        let mut number = None;
        if !self.take("?") {
            number = Some(self.open_group(None, open)?);
            out.push('(');
        } else {
            let Some(kind) = self.peek() else {
                return Err(self.error("unexpected end of pattern", self.at));
            };
            self.at += 1;
            match kind {
                ':' => out.push_str("(?:"),
                '>' => out.push_str("(?>"),
                '=' => out.push_str("(?="),
                '!' => out.push_str("(?!"),
                '#' => {
                    let Some(end) = self.chars[self.at..].iter().position(|&c| c == ')') else {
                        return Err(self.error("missing ), unterminated comment", open));
                    };
                    self.at += end + 1;
                    return Ok(Last::Item);
                }
                'P' => match self.peek() {
                    Some('<') => {
                        self.at += 1;
                        let (name, at) = self.name('>')?;
                        number = Some(self.open_group(Some((name, at)), open)?);
                        out.push('(');
                    }
                    Some('=') => {
                        self.at += 1;
                        let (name, at) = self.name(')')?;
                        let Some(&(_, number)) = self.names.iter().find(|(known, _)| *known == name) else {
                            return Err(self.error(format!("unknown group name '{name}'"), at));
                        };
                        if !self.closed.contains(&number) {
                            return Err(self.error("cannot refer to an open group", at));
                        }
                        self.cased(flags, &format!("(?:\\{number})"), out);
                        return Ok(Last::Item);
                    }
                    Some(c) => return Err(self.error(format!("unknown extension ?P{c}"), open + 1)),
                    None => return Err(self.error("unexpected end of pattern", self.at)),
                },
                '<' => match self.peek() {
                    Some('=') => {
                        self.at += 1;
                        out.push_str("(?<=");
                    }
                    Some('!') => {
                        self.at += 1;
                        out.push_str("(?<!");
                    }
                    Some(c) => return Err(self.error(format!("unknown extension ?<{c}"), open + 1)),
                    None => return Err(self.error("unexpected end of pattern", self.at)),
                },
                '(' => {
                    let (name, at) = self.name(')')?;
                    let number = match name.parse::<usize>() {
                        Ok(number) => Some(number).filter(|&n| n > 0 && n <= self.groups),
                        Err(_) => self.names.iter().find(|(known, _)| *known == name).map(|(_, n)| *n),
                    };
                    let Some(number) = number else {
                        let kind = if name.bytes().all(|b| b.is_ascii_digit()) {
                            "invalid group reference "
                        } else {
                            "unknown group name "
                        };
                        return Err(self.error(format!("{kind}{name}"), at));
                    };
                    out.push_str(&format!("(?({number})"));
                }
                c if "aiLmsux-".contains(c) => {
                    if self.scoped_flags(c, open, &mut inner)? {
                        return Err(self.error("global flags not at the start of the expression", open));
                    }
                    out.push_str("(?:");
                }
                c => return Err(self.error(format!("unknown extension ?{c}"), open + 1)),
            }
        }
        self.alternatives(inner, out)?;
        if !self.take(")") {
            return Err(self.error(unterminated, open));
        }
        out.push(')');
        self.closed.extend(number);
        Ok(Last::Item)
    }

    /// Reads `i-s:`; true when `)` ends it, which makes the flags global.
    fn scoped_flags(&mut self, first: char, open: usize, flags: &mut Flags) -> Result<bool, PatternError> {
        let mut on = true;
        let mut c = first;
        loop {
            match c {
                '-' => on = false,
                ':' => return Ok(false),
                ')' => return Ok(true),
                'L' => {
                    let message = "bad inline flags: cannot use 'L' flag with a str pattern";
                    return Err(self.error(message, self.at));
                }
                c if "aimsux".contains(c) => set_flag(flags, c, on),
                c if c.is_alphabetic() => return Err(self.error("unknown flag", self.at - 1)),
                _ => return Err(self.error("missing -, : or )", open + 3)),
            }
            let Some(next) = self.peek() else {
                return Err(self.error("missing -, : or )", self.at));
            };
            if c == '-' && !next.is_alphabetic() {
                return Err(self.error("missing flag", self.at));
            }
            c = next;
            self.at += 1;
        }
    }

    fn open_group(&mut self, name: Option<(String, usize)>, _open: usize) -> Result<usize, PatternError> {
        self.groups += 1;
        let number = self.groups;
        if let Some((name, at)) = name {
            if let Some((_, other)) = self.names.iter().find(|(known, _)| *known == name) {
                let message =
                    format!("redefinition of group name '{name}' as group {number}; was group {other}");
                return Err(self.error(message, at));
            }
            self.names.push((name, number));
        }
        Ok(number)
    }

    fn name(&mut self, end: char) -> Result<(String, usize), PatternError> {
        let start = self.at;
        let Some(length) = self.chars[start..].iter().position(|&c| c == end) else {
            if start == self.chars.len() {
                return Err(self.error("missing group name", start));
            }
            return Err(self.error(format!("missing {end}, unterminated name"), start));
        };
        let name: String = self.chars[start..start + length].iter().collect();
        self.at = start + length + 1;
        let number = name.bytes().all(|b| b.is_ascii_digit());
        let identifier = name
            .chars()
            .enumerate()
            .all(|(i, c)| c == '_' || if i == 0 { c.is_alphabetic() } else { c.is_alphanumeric() });
        if name.is_empty() {
            return Err(self.error("missing group name", start));
        }
        let conditional = number && self.chars.get(start.wrapping_sub(1)) == Some(&'(');
        if !identifier && !conditional {
            return Err(self.error(format!("bad character in group name '{name}'"), start));
        }
        Ok((name, start))
    }
}

fn set_flag(flags: &mut Flags, letter: char, on: bool) {
    match letter {
        'i' => flags.ignore_case = on,
        'm' => flags.multiline = on,
        's' => flags.dot_all = on,
        'x' => flags.verbose = on,
        'a' => flags.ascii = on,
        'u' => flags.ascii = !on,
        _ => {}
    }
}
