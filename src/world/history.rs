//! Values that change on dates.

use crate::calendar::Date;

/// A value and the days on which it became another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History<T> {
    first: T,
    changes: Vec<(Date, T)>,
}

impl<T> History<T> {
    /// A value that never changed yet.
    pub fn new(first: T) -> Self {
        History {
            first,
            changes: Vec::new(),
        }
    }

    /// The value becomes `next` on `date`, which is not before any earlier change.
    pub(super) fn change(&mut self, date: Date, next: T) {
        debug_assert!(self.changes.last().is_none_or(|(last, _)| *last <= date));
        self.changes.push((date, next));
    }

    /// The value on a day; on the day of a change already the new one.
    pub fn on(&self, date: Date) -> &T {
        let after = self.changes.partition_point(|(from, _)| *from <= date);
        match after.checked_sub(1) {
            Some(last) => &self.changes[last].1,
            None => &self.first,
        }
    }

    /// The value before any change.
    pub fn first(&self) -> &T {
        &self.first
    }

    /// The value after all changes.
    pub fn last(&self) -> &T {
        self.changes.last().map_or(&self.first, |(_, value)| value)
    }

    /// The changes, oldest first.
    pub fn changes(&self) -> &[(Date, T)] {
        &self.changes
    }

    /// The first change after a day.
    pub fn next_after(&self, date: Date) -> Option<&(Date, T)> {
        self.changes.iter().find(|(from, _)| *from > date)
    }

    /// The last change on or before a day.
    pub fn latest_until(&self, date: Date) -> Option<&(Date, T)> {
        self.changes.iter().rev().find(|(from, _)| *from <= date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_the_day_of_a_change_the_new_value_holds() {
        let day = |n: i32| Date::from_days(n);
        let mut home = History::new("old");
        home.change(day(10), "new");
        assert_eq!((home.on(day(9)), home.on(day(10))), (&"old", &"new"));
        assert_eq!(home.next_after(day(9)), Some(&(day(10), "new")));
        assert_eq!(home.next_after(day(10)), None);
        assert_eq!(home.latest_until(day(10)), Some(&(day(10), "new")));
    }
}
