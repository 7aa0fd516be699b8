//! Laws of ages, wages and prices as integer quantile tables (`datasets/world/SOURCES.md` says
//! where each comes from and how the tables were computed).

use crate::country::Country;
use crate::seed::Quantiles;

/// Age on 2026-01-01, in years, of a bank's customers who write to its bot.
pub const AGE: Quantiles = Quantiles(&[
    (0, 18),
    (1_000, 23),
    (2_500, 31),
    (5_000, 43),
    (7_500, 58),
    (9_000, 71),
    (9_800, 82),
    (10_000, 90),
]);

/// Net monthly wage of a full-time job, in minor units.
pub fn wage(country: Country) -> &'static Quantiles {
    match country {
        Country::France => &WAGE_FR,
        Country::UnitedStates => &WAGE_US,
        Country::Britain => &WAGE_GB,
    }
}

const WAGE_FR: Quantiles = Quantiles(&[
    (0, 100_770),
    (100, 111_967),
    (500, 136_155),
    (1000, 151_119),
    (2000, 171_456),
    (3000, 187_798),
    (4000, 202_991),
    (5000, 218_300),
    (6000, 249_608),
    (7000, 288_091),
    (8000, 340_729),
    (9000, 430_011),
    (9500, 576_130),
    (9900, 1_023_072),
    (9990, 1_698_982),
    (10000, 2_208_677),
]);

const WAGE_US: Quantiles = Quantiles(&[
    (0, 101_483),
    (100, 112_759),
    (500, 158_431),
    (1000, 189_921),
    (2000, 236_544),
    (3000, 277_114),
    (4000, 317_248),
    (5000, 360_000),
    (6000, 423_584),
    (7000, 504_097),
    (8000, 617_961),
    (9000, 819_636),
    (9500, 1_066_041),
    (9900, 1_834_537),
    (9990, 3_131_498),
    (10000, 4_070_947),
]);

const WAGE_GB: Quantiles = Quantiles(&[
    (0, 100_189),
    (100, 111_321),
    (500, 138_732),
    (1000, 156_005),
    (2000, 179_826),
    (3000, 199_228),
    (4000, 217_457),
    (5000, 236_000),
    (6000, 263_830),
    (7000, 297_248),
    (8000, 341_772),
    (9000, 414_766),
    (9500, 537_140),
    (9900, 860_300),
    (9990, 1_315_538),
    (10000, 1_710_199),
]);

/// What savings stand at before the timeline, in 1/1,000 of the monthly income.
pub const SAVINGS: Quantiles = Quantiles(&[
    (0, 300),
    (2_500, 1_200),
    (5_000, 3_500),
    (7_500, 9_000),
    (9_500, 24_000),
    (10_000, 60_000),
]);

/// The lowest point that a current account reaches in an ordinary month, in 1/1,000 of the monthly
/// income.
pub const LOW_POINT: Quantiles = Quantiles(&[
    (0, -120),
    (1_500, -20),
    (3_000, 40),
    (5_000, 200),
    (7_500, 600),
    (9_000, 1_500),
    (10_000, 4_000),
]);

/// Price in cents of a euro: log-normal with μ 3.35 and σ 0.75 (of euros).
pub const GROCERIES: Quantiles = Quantiles(&[
    (0, 225),
    (10, 281),
    (100, 498),
    (500, 830),
    (1000, 1090),
    (2500, 1719),
    (5000, 2850),
    (7500, 4727),
    (9000, 7453),
    (9500, 9787),
    (9900, 16316),
    (9990, 28936),
    (10000, 36170),
]);
/// Price in cents of a euro: log-normal with μ 3.2 and σ 0.6 (of euros).
pub const RESTAURANT: Quantiles = Quantiles(&[
    (0, 307),
    (10, 384),
    (100, 608),
    (500, 914),
    (1000, 1137),
    (2500, 1637),
    (5000, 2453),
    (7500, 3677),
    (9000, 5293),
    (9500, 6582),
    (9900, 9907),
    (9990, 15667),
    (10000, 19584),
]);
/// Price in cents of a euro: log-normal with μ 2.48 and σ 0.4 (of euros).
pub const FAST_FOOD: Quantiles = Quantiles(&[
    (0, 278),
    (10, 347),
    (100, 471),
    (500, 618),
    (1000, 715),
    (2500, 912),
    (5000, 1194),
    (7500, 1564),
    (9000, 1994),
    (9500, 2306),
    (9900, 3028),
    (9990, 4110),
    (10000, 5138),
]);
/// Price in cents of a euro: log-normal with μ 4.05 and σ 0.35 (of euros).
pub const FUEL: Quantiles = Quantiles(&[
    (0, 1557),
    (10, 1946),
    (100, 2543),
    (500, 3228),
    (1000, 3665),
    (2500, 4533),
    (5000, 5740),
    (7500, 7268),
    (9000, 8989),
    (9500, 10207),
    (9900, 12957),
    (9990, 16928),
    (10000, 21160),
]);
/// Price in cents of a euro: log-normal with μ 1.1 and σ 0.8 (of euros).
pub const TRANSIT: Quantiles = Quantiles(&[
    (0, 50),
    (10, 50),
    (100, 50),
    (500, 81),
    (1000, 108),
    (2500, 175),
    (5000, 300),
    (7500, 515),
    (9000, 837),
    (9500, 1120),
    (9900, 1932),
    (9990, 3559),
    (10000, 4449),
]);
/// Price in cents of a euro: log-normal with μ 2.8 and σ 0.45 (of euros).
pub const TAXI: Quantiles = Quantiles(&[
    (0, 327),
    (10, 409),
    (100, 577),
    (500, 784),
    (1000, 924),
    (2500, 1214),
    (5000, 1644),
    (7500, 2228),
    (9000, 2927),
    (9500, 3447),
    (9900, 4685),
    (9990, 6606),
    (10000, 8258),
]);
/// Price in cents of a euro: log-normal with μ 2.8 and σ 0.7 (of euros).
pub const PHARMACY: Quantiles = Quantiles(&[
    (0, 151),
    (10, 189),
    (100, 323),
    (500, 520),
    (1000, 671),
    (2500, 1026),
    (5000, 1644),
    (7500, 2637),
    (9000, 4033),
    (9500, 5201),
    (9900, 8380),
    (9990, 14305),
    (10000, 17881),
]);
/// Price in cents of a euro: log-normal with μ 3.4 and σ 0.3 (of euros).
pub const DOCTOR: Quantiles = Quantiles(&[
    (0, 949),
    (10, 1186),
    (100, 1491),
    (500, 1829),
    (1000, 2040),
    (2500, 2448),
    (5000, 2996),
    (7500, 3668),
    (9000, 4401),
    (9500, 4908),
    (9900, 6021),
    (9990, 7572),
    (10000, 9465),
]);
/// Price in cents of a euro: log-normal with μ 4.4 and σ 0.9 (of euros).
pub const DENTIST: Quantiles = Quantiles(&[
    (0, 404),
    (10, 505),
    (100, 1004),
    (500, 1853),
    (1000, 2570),
    (2500, 4439),
    (5000, 8145),
    (7500, 14946),
    (9000, 25811),
    (9500, 35794),
    (9900, 66097),
    (9990, 131450),
    (10000, 164312),
]);
/// Price in cents of a euro: log-normal with μ 3.2 and σ 0.4 (of euros).
pub const TELECOM: Quantiles = Quantiles(&[
    (0, 570),
    (10, 713),
    (100, 967),
    (500, 1271),
    (1000, 1469),
    (2500, 1873),
    (5000, 2453),
    (7500, 3213),
    (9000, 4096),
    (9500, 4737),
    (9900, 6221),
    (9990, 8444),
    (10000, 10555),
]);
/// Price in cents of a euro: log-normal with μ 4.6 and σ 0.4 (of euros).
pub const ENERGY: Quantiles = Quantiles(&[
    (0, 2312),
    (10, 2890),
    (100, 3923),
    (500, 5152),
    (1000, 5958),
    (2500, 7596),
    (5000, 9948),
    (7500, 13029),
    (9000, 16611),
    (9500, 19209),
    (9900, 25228),
    (9990, 34244),
    (10000, 42805),
]);
/// Price in cents of a euro: log-normal with μ 3.7 and σ 0.7 (of euros).
pub const CLOTHING: Quantiles = Quantiles(&[
    (0, 372),
    (10, 465),
    (100, 794),
    (500, 1279),
    (1000, 1649),
    (2500, 2523),
    (5000, 4045),
    (7500, 6485),
    (9000, 9919),
    (9500, 12792),
    (9900, 20612),
    (9990, 35184),
    (10000, 43980),
]);
/// Price in cents of a euro: log-normal with μ 4.8 and σ 1.0 (of euros).
pub const ELECTRONICS: Quantiles = Quantiles(&[
    (0, 442),
    (10, 553),
    (100, 1187),
    (500, 2346),
    (1000, 3373),
    (2500, 6190),
    (5000, 12151),
    (7500, 23853),
    (9000, 43771),
    (9500, 62945),
    (9900, 124432),
    (9990, 267106),
    (10000, 333882),
]);
/// Price in cents of a euro: log-normal with μ 3.7 and σ 0.7 (of euros).
pub const DEPARTMENT: Quantiles = Quantiles(&[
    (0, 372),
    (10, 465),
    (100, 794),
    (500, 1279),
    (1000, 1649),
    (2500, 2523),
    (5000, 4045),
    (7500, 6485),
    (9000, 9919),
    (9500, 12792),
    (9900, 20612),
    (9990, 35184),
    (10000, 43980),
]);
/// Price in cents of a euro: log-normal with μ 2.8 and σ 0.5 (of euros).
pub const BAR: Quantiles = Quantiles(&[
    (0, 281),
    (10, 351),
    (100, 514),
    (500, 723),
    (1000, 866),
    (2500, 1174),
    (5000, 1644),
    (7500, 2304),
    (9000, 3121),
    (9500, 3743),
    (9900, 5262),
    (9990, 7710),
    (10000, 9638),
]);
/// Price in cents of a euro: log-normal with μ 3.0 and σ 1.1 (of euros).
pub const BETTING: Quantiles = Quantiles(&[
    (0, 54),
    (10, 67),
    (100, 155),
    (500, 329),
    (1000, 491),
    (2500, 956),
    (5000, 2009),
    (7500, 4218),
    (9000, 8225),
    (9500, 12265),
    (9900, 25956),
    (9990, 60140),
    (10000, 75175),
]);
/// Price in cents of a euro: log-normal with μ 3.0 and σ 0.4 (of euros).
pub const DATING: Quantiles = Quantiles(&[
    (0, 467),
    (10, 584),
    (100, 792),
    (500, 1040),
    (1000, 1203),
    (2500, 1534),
    (5000, 2009),
    (7500, 2631),
    (9000, 3354),
    (9500, 3878),
    (9900, 5093),
    (9990, 6914),
    (10000, 8642),
]);
/// Price in cents of a euro: log-normal with μ 3.2 and σ 0.8 (of euros).
pub const GIVING: Quantiles = Quantiles(&[
    (0, 166),
    (10, 207),
    (100, 381),
    (500, 658),
    (1000, 880),
    (2500, 1430),
    (5000, 2453),
    (7500, 4208),
    (9000, 6839),
    (9500, 9146),
    (9900, 15776),
    (9990, 29067),
    (10000, 36334),
]);
/// Price in cents of a euro: log-normal with μ 4.9 and σ 0.9 (of euros).
pub const LEGAL: Quantiles = Quantiles(&[
    (0, 666),
    (10, 832),
    (100, 1655),
    (500, 3056),
    (1000, 4238),
    (2500, 7318),
    (5000, 13429),
    (7500, 24642),
    (9000, 42556),
    (9500, 59014),
    (9900, 108976),
    (9990, 216724),
    (10000, 270905),
]);
/// Price in cents of a euro: log-normal with μ 5.0 and σ 0.8 (of euros).
pub const TRAVEL: Quantiles = Quantiles(&[
    (0, 1002),
    (10, 1253),
    (100, 2308),
    (500, 3981),
    (1000, 5324),
    (2500, 8652),
    (5000, 14841),
    (7500, 25457),
    (9000, 41374),
    (9500, 55329),
    (9900, 95440),
    (9990, 175845),
    (10000, 219806),
]);
