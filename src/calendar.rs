//! Dates and local times without a clock or a time-zone database, so that they never change.
//!
//! A [`Date`] is a day of the proleptic Gregorian calendar; a [`Moment`] is a local time with its
//! offset from UTC. Summer time follows the rules in force in the EU and UK (directive 2000/84/EC)
//! and the US (Energy Policy Act of 2005), frozen here because corpus bytes depend on them.

use crate::borrowed::Borrowed;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A day, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

impl Date {
    /// The day with these numbers, if the calendar has it.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Date> {
        if !(1..=12).contains(&month) || day == 0 || day > days_in_month(year, month) {
            return None;
        }
        // Howard Hinnant, "chrono-compatible low-level date algorithms", days_from_civil.
        let y = year - i32::from(month <= 2);
        let era = y.div_euclid(400);
        let year_of_era = y.rem_euclid(400);
        let shifted = (month as i32 + 9) % 12;
        let day_of_year = (153 * shifted + 2) / 5 + day as i32 - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Some(Date(era * 146_097 + day_of_era - 719_468))
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> i32 {
        self.0
    }

    /// The day so many days after 1970-01-01.
    pub fn from_days(days: i32) -> Date {
        Date(days)
    }

    /// Year, month (1–12) and day (1–31).
    pub fn ymd(self) -> (i32, u32, u32) {
        let z = self.0 + 719_468;
        let era = z.div_euclid(146_097);
        let day_of_era = z.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = (day_of_year - (153 * shifted + 2) / 5 + 1) as u32;
        let month = if shifted < 10 {
            shifted + 3
        } else {
            shifted - 9
        } as u32;
        (year_of_era + era * 400 + i32::from(month <= 2), month, day)
    }

    /// 0 is Monday, 6 is Sunday.
    pub fn weekday(self) -> u32 {
        (self.0 + 3).rem_euclid(7) as u32
    }

    /// The day `days` later (earlier when negative).
    pub fn plus(self, days: i32) -> Date {
        Date(self.0 + days)
    }

    /// The month it lies in.
    pub fn month(self) -> Month {
        let (year, month, _) = self.ymd();
        Month::new(year, month)
    }

    /// Whole years between it and a later day: an age.
    pub fn years_until(self, later: Date) -> i32 {
        let (y0, m0, d0) = self.ymd();
        let (y1, m1, d1) = later.ymd();
        y1 - y0 - i32::from((m1, d1) < (m0, d0))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Date {
    type Err = String;

    fn from_str(text: &str) -> Result<Date, String> {
        let mut parts = text.splitn(3, '-').map(|part| part.parse::<u32>().ok());
        match (
            parts.next().flatten(),
            parts.next().flatten(),
            parts.next().flatten(),
        ) {
            (Some(year), Some(month), Some(day)) if text.len() == 10 => {
                Date::new(year as i32, month, day)
            }
            _ => None,
        }
        .ok_or_else(|| format!("`{text}` is not a date (YYYY-MM-DD)"))
    }
}

impl Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Borrowed::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A month, counted from January of year 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

impl Month {
    /// The month `month` (1–12) of `year`.
    pub fn new(year: i32, month: u32) -> Month {
        Month(year * 12 + month as i32 - 1)
    }

    /// Year and month (1–12).
    pub fn ym(self) -> (i32, u32) {
        (self.0.div_euclid(12), self.0.rem_euclid(12) as u32 + 1)
    }

    /// Months since January of year 0.
    pub fn index(self) -> i32 {
        self.0
    }

    /// The month `months` later.
    pub fn plus(self, months: i32) -> Month {
        Month(self.0 + months)
    }

    /// Its first day.
    pub fn first(self) -> Date {
        let (year, month) = self.ym();
        Date::new(year, month, 1).expect("every month has a first day")
    }

    /// How many days it has.
    pub fn length(self) -> u32 {
        let (year, month) = self.ym();
        days_in_month(year, month)
    }

    /// Its day `day`, or its last one where it has fewer.
    pub fn day(self, day: u32) -> Date {
        self.first().plus(day.clamp(1, self.length()) as i32 - 1)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month) = self.ym();
        write!(f, "{year:04}-{month:02}")
    }
}

fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Which rule gives a place's offset from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// Central European Time (Paris, Brussels, Zurich).
    CentralEurope,
    /// Greenwich and British Summer Time.
    Britain,
    /// Eastern Time of the United States.
    UsEastern,
}

impl Zone {
    /// Minutes east of UTC at a local time. The hour that summer time skips or repeats is
    /// reckoned by the day's noon except on the day of change, by 2 a.m.
    pub fn offset_minutes(self, date: Date, minute_of_day: u32) -> i32 {
        let (_, month, _) = date.ymd();
        // Only in the months of the change does the day decide.
        match (self, month) {
            (Zone::CentralEurope, 4..=9) => 120,
            (Zone::CentralEurope, 1 | 2 | 11 | 12) => 60,
            (Zone::Britain, 4..=9) => 60,
            (Zone::Britain, 1 | 2 | 11 | 12) => 0,
            (Zone::UsEastern, 4..=10) => -240,
            (Zone::UsEastern, 1 | 2 | 12) => -300,
            _ => self.offset_by_sundays(date, minute_of_day),
        }
    }

    fn offset_by_sundays(self, date: Date, minute_of_day: u32) -> i32 {
        let (year, _, _) = date.ymd();
        let (standard, start, end, change) = match self {
            Zone::CentralEurope => (60, last_sunday(year, 3), last_sunday(year, 10), 120),
            Zone::Britain => (0, last_sunday(year, 3), last_sunday(year, 10), 60),
            Zone::UsEastern => (-300, nth_sunday(year, 3, 2), nth_sunday(year, 11, 1), 120),
        };
        let local = (date, minute_of_day);
        let summer = local >= (start, change) && local < (end, change);
        standard + if summer { 60 } else { 0 }
    }
}

fn nth_sunday(year: i32, month: u32, n: i32) -> Date {
    let first = Date::new(year, month, 1).expect("a first day");
    first.plus((6 - first.weekday() as i32) + 7 * (n - 1))
}

fn last_sunday(year: i32, month: u32) -> Date {
    let last = Month::new(year, month).day(31);
    last.plus(-((last.weekday() as i32 + 1) % 7))
}

/// A local time, to the second, with its offset from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    date: Date,
    second: u32,
    offset: i16,
}

impl Moment {
    /// The local time `second` seconds after midnight; seconds beyond a day carry over.
    pub fn new(date: Date, second: u32, zone: Zone) -> Moment {
        let date = date.plus((second / 86_400) as i32);
        let second = second % 86_400;
        Moment {
            date,
            second,
            offset: zone.offset_minutes(date, second / 60) as i16,
        }
    }

    /// Its day.
    pub fn date(self) -> Date {
        self.date
    }

    /// Seconds after midnight, local time.
    pub fn second_of_day(self) -> u32 {
        self.second
    }

    /// Hour of the day, 0–23.
    pub fn hour(self) -> u32 {
        self.second / 3600
    }

    /// Minute of the hour, 0–59.
    pub fn minute(self) -> u32 {
        self.second / 60 % 60
    }

    /// Appends it in the form of RFC 3339.
    pub fn write(self, out: &mut Vec<u8>) {
        let (year, month, day) = self.date.ymd();
        let two = |out: &mut Vec<u8>, n: u32| {
            out.extend_from_slice(&[b'0' + (n / 10) as u8, b'0' + (n % 10) as u8]);
        };
        two(out, year as u32 / 100);
        two(out, year as u32 % 100);
        out.push(b'-');
        two(out, month);
        out.push(b'-');
        two(out, day);
        out.push(b'T');
        two(out, self.hour());
        out.push(b':');
        two(out, self.minute());
        out.push(b':');
        two(out, self.second % 60);
        out.push(if self.offset < 0 { b'-' } else { b'+' });
        let offset = u32::from(self.offset.unsigned_abs());
        two(out, offset / 60);
        out.push(b':');
        two(out, offset % 60);
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = Vec::with_capacity(25);
        self.write(&mut bytes);
        f.write_str(std::str::from_utf8(&bytes).expect("digits"))
    }
}

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Moment, String> {
        let wrong = || format!("`{text}` is not a time (YYYY-MM-DDTHH:MM:SS+HH:MM)");
        if !text.is_ascii() || text.len() != 25 {
            return Err(wrong());
        }
        let two = |at: usize| text[at..at + 2].parse::<u32>().ok();
        let date: Date = text[..10].parse()?;
        let (h, m, s) = (two(11), two(14), two(17));
        let (oh, om) = (two(20), two(23));
        match (h, m, s, oh, om) {
            (Some(h), Some(m), Some(s), Some(oh), Some(om)) if h < 24 && m < 60 && s < 60 => {
                let sign = if &text[19..20] == "-" { -1 } else { 1 };
                let offset = sign * (oh * 60 + om) as i16;
                Ok(Moment {
                    date,
                    second: h * 3600 + m * 60 + s,
                    offset,
                })
            }
            _ => Err(wrong()),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Borrowed::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_month_alone_gives_the_offset_that_the_sundays_give() {
        let first: Date = "2024-01-01".parse().unwrap();
        for zone in [Zone::CentralEurope, Zone::Britain, Zone::UsEastern] {
            for day in 0..1826 {
                for minute in [0, 59, 60, 119, 120, 179, 720, 1439] {
                    let date = first.plus(day);
                    assert_eq!(
                        zone.offset_minutes(date, minute),
                        zone.offset_by_sundays(date, minute),
                        "{date} {minute}"
                    );
                }
            }
        }
    }

    proptest! {
        #[test]
        fn a_day_survives_the_way_to_its_numbers_and_back(days in -800_000i32..800_000) {
            let (y, m, d) = Date::from_days(days).ymd();
            prop_assert_eq!(Date::new(y, m, d), Some(Date::from_days(days)));
        }
    }

    #[test]
    fn known_days_have_their_weekday() {
        assert_eq!("2026-03-14".parse::<Date>().unwrap().weekday(), 5);
        assert_eq!("1970-01-01".parse::<Date>().unwrap().weekday(), 3);
        assert!("2026-02-29".parse::<Date>().is_err());
    }

    #[test]
    fn summer_time_starts_and_ends_where_the_law_says() {
        let at = |text: &str, zone: Zone| zone.offset_minutes(text.parse().unwrap(), 720);
        assert_eq!(at("2026-03-28", Zone::CentralEurope), 60);
        assert_eq!(at("2026-03-29", Zone::CentralEurope), 120);
        assert_eq!(at("2026-10-25", Zone::CentralEurope), 60);
        assert_eq!(at("2026-10-24", Zone::Britain), 60);
        assert_eq!(at("2026-03-08", Zone::UsEastern), -240);
        assert_eq!(at("2026-11-01", Zone::UsEastern), -300);
    }

    #[test]
    fn a_moment_reads_back_what_it_writes() {
        let moment = Moment::new("2026-03-14".parse().unwrap(), 70_931, Zone::CentralEurope);
        assert_eq!(moment.to_string(), "2026-03-14T19:42:11+01:00");
        assert_eq!("2026-03-14T19:42:11+01:00".parse(), Ok(moment));
    }

    #[test]
    fn an_age_changes_on_the_birthday() {
        let born: Date = "1985-07-14".parse().unwrap();
        assert_eq!(born.years_until("2026-07-13".parse().unwrap()), 40);
        assert_eq!(born.years_until("2026-07-14".parse().unwrap()), 41);
    }
}
