//! The keys of one `[[layers]]` table: typed access, and at the end whatever
//! nobody asked for is an error that lists what may stand there.

use super::MAX_SIZE;
use super::fault::{Expected, Wrong};
use toml::{Table, Value};

pub struct Keys<'a> {
    table: &'a Table,
    asked: Vec<&'static str>,
}

impl<'a> Keys<'a> {
    pub fn new(table: &'a Table) -> Keys<'a> {
        Keys {
            table,
            asked: Vec::new(),
        }
    }

    fn find(&mut self, key: &'static str) -> Option<&'a Value> {
        self.asked.push(key);
        self.table.get(key)
    }

    pub fn get_text(&mut self, key: &'static str) -> Result<&'a str, Wrong> {
        let value = self.find(key).ok_or_else(|| missing(key))?;
        value.as_str().ok_or_else(|| bad(key, Expected::Text))
    }

    pub fn find_text(&mut self, key: &'static str) -> Result<Option<&'a str>, Wrong> {
        let value = self.find(key);
        value
            .map(|value| value.as_str().ok_or_else(|| bad(key, Expected::Text)))
            .transpose()
    }

    /// At least 1.
    pub fn get_size(&mut self, key: &'static str) -> Result<usize, Wrong> {
        let value = self.find(key).ok_or_else(|| missing(key))?;
        size(value, 1).ok_or_else(|| bad(key, Expected::Size { least: 1 }))
    }

    pub fn find_size(&mut self, key: &'static str, otherwise: usize) -> Result<usize, Wrong> {
        match self.find(key) {
            None => Ok(otherwise),
            Some(value) => size(value, 1).ok_or_else(|| bad(key, Expected::Size { least: 1 })),
        }
    }

    pub fn find_flag(&mut self, key: &'static str, otherwise: bool) -> Result<bool, Wrong> {
        match self.find(key) {
            None => Ok(otherwise),
            Some(value) => value.as_bool().ok_or_else(|| bad(key, Expected::Flag)),
        }
    }

    /// A finite number from `low` to `high`.
    pub fn find_number(
        &mut self,
        key: &'static str,
        otherwise: f64,
        [low, high]: [f64; 2],
    ) -> Result<f64, Wrong> {
        let number = match self.find(key) {
            None => return Ok(otherwise),
            Some(Value::Float(number)) => *number,
            Some(Value::Integer(number)) => *number as f64,
            Some(_) => f64::NAN,
        };
        match (low..=high).contains(&number) {
            true => Ok(number),
            false => Err(bad(key, Expected::Number { low, high })),
        }
    }

    pub fn find_integer(&mut self, key: &'static str, otherwise: i64) -> Result<i64, Wrong> {
        match self.find(key) {
            None => Ok(otherwise),
            Some(value) => value
                .as_integer()
                .ok_or_else(|| bad(key, Expected::Integer)),
        }
    }

    /// One entry for each of `axes`: a list, or one number for all.
    pub fn get_window(
        &mut self,
        key: &'static str,
        axes: usize,
        least: usize,
    ) -> Result<Vec<usize>, Wrong> {
        let value = self.find(key).ok_or_else(|| missing(key))?;
        window(value, axes, least).ok_or_else(|| bad(key, Expected::Window { axes, least }))
    }

    pub fn find_window(
        &mut self,
        key: &'static str,
        axes: usize,
        least: usize,
        otherwise: &[usize],
    ) -> Result<Vec<usize>, Wrong> {
        match self.table.contains_key(key) {
            true => self.get_window(key, axes, least),
            false => {
                self.asked.push(key);
                Ok(otherwise.to_vec())
            }
        }
    }

    pub fn get_shape(&mut self, key: &'static str) -> Result<Vec<usize>, Wrong> {
        let value = self.find(key).ok_or_else(|| missing(key))?;
        let shape = value.as_array().and_then(|items| {
            let few = (1..=8).contains(&items.len());
            few.then(|| items.iter().map(|item| size(item, 1)).collect())?
        });
        shape.ok_or_else(|| bad(key, Expected::Shape))
    }

    pub fn finish(self) -> Result<(), Wrong> {
        let unknown = self.table.keys().find(|key| !self.asked.contains(&&***key));
        unknown.map_or(Ok(()), |key| {
            Err(Wrong::UnknownKey {
                key: key.clone(),
                known: self.asked.iter().map(|key| (*key).to_owned()).collect(),
            })
        })
    }
}

fn missing(key: &str) -> Wrong {
    Wrong::KeyMissing { key: key.into() }
}

fn bad(key: &str, expected: Expected) -> Wrong {
    Wrong::BadValue {
        key: key.into(),
        expected,
    }
}

fn size(value: &Value, least: usize) -> Option<usize> {
    let size = usize::try_from(value.as_integer()?).ok()?;
    (least..=MAX_SIZE).contains(&size).then_some(size)
}

fn window(value: &Value, axes: usize, least: usize) -> Option<Vec<usize>> {
    match value {
        Value::Array(items) if items.len() == axes => {
            items.iter().map(|item| size(item, least)).collect()
        }
        Value::Array(_) => None,
        other => Some(vec![size(other, least)?; axes]),
    }
}
