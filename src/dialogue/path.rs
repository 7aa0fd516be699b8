//! The facts that a phrase or a plot can name: `card.pan`, `payee.name`, `life.move`, …
//!
//! A **role** is who or what a fact is about; a conversation's cast fills some of them, and a phrase
//! is said only where its roles are filled.

use crate::conversation::Form;

macro_rules! roles {
    ($($(#[$doc:meta])* $variant:ident,)+) => {
        /// Who or what a fact is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Role { $($(#[$doc])* $variant,)+ }
    };
}

roles! {
    /// Always there: customer, bank, main account, generated decoys.
    Always,
    /// The card that the conversation is about.
    Card,
    /// A French or British account has an IBAN.
    Iban,
    /// A British account has a sort code.
    SortCode,
    /// An American account has a routing number.
    Routing,
    /// An operation of the ledger.
    Operation,
    /// An operation that has a spending category.
    Category,
    /// A salary that was paid.
    Salary,
    /// The customer has an employer.
    Employer,
    /// The customer has an occupation.
    Occupation,
    /// A third person who is paid.
    Payee,
    /// An amount to be transferred.
    Transfer,
    /// A move to another address, past or near.
    Move,
    /// A one-time code that is on its way.
    Otp,
    /// A human agent.
    Agent,
    /// A separation.
    Separation,
    /// A birth.
    Birth,
    /// A wedding.
    Wedding,
    /// A bereavement.
    Bereavement,
    /// A job lost.
    JobLoss,
    /// A retirement.
    Retirement,
    /// An illness.
    Illness,
    /// Money trouble.
    Hardship,
    /// An overdraft or credit limit.
    Limit,
}

/// A set of roles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Roles(u32);

impl Roles {
    /// The set with one more.
    #[must_use]
    pub fn with(self, role: Role) -> Roles {
        if role == Role::Always {
            self
        } else {
            Roles(self.0 | 1 << role as u32)
        }
    }

    /// Are all of `needed` in it?
    pub fn has(self, needed: Roles) -> bool {
        self.0 & needed.0 == needed.0
    }
}

macro_rules! paths {
    ($($variant:ident $name:literal $role:ident;)+) => {
        /// A fact that a phrase or a plot can name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[allow(missing_docs)]
        pub enum Path { $($variant,)+ }

        impl Path {
            /// The path with this name.
            pub fn named(name: &str) -> Option<Path> {
                match name { $($name => Some(Path::$variant),)+ _ => None }
            }

            /// Its name: `card.pan`.
            pub fn name(self) -> &'static str {
                match self { $(Path::$variant => $name,)+ }
            }

            /// Every name.
            pub fn names() -> impl Iterator<Item = &'static str> {
                [$($name,)+].into_iter()
            }

            /// The part of a value that the path names by itself.
            pub fn own_form(self) -> Option<Form> {
                match self {
                    Path::CustomerGiven | Path::PayeeGiven => Some(Form::Given),
                    Path::CustomerFamily => Some(Form::Family),
                    _ => None,
                }
            }

            /// What must be in the cast for it to have a value.
            pub fn role(self) -> Role {
                match self { $(Path::$variant => Role::$role,)+ }
            }
        }
    };
}

paths! {
    CustomerName "customer.name" Always;
    CustomerGiven "customer.given" Always;
    CustomerFamily "customer.family" Always;
    CustomerBirthDate "customer.birth_date" Always;
    CustomerAge "customer.age" Always;
    CustomerPhone "customer.phone" Always;
    CustomerEmail "customer.email" Always;
    CustomerAddress "customer.address" Always;
    CustomerPostcode "customer.postcode" Always;
    CustomerNationalId "customer.national_id" Always;
    CustomerNumber "customer.number" Always;
    CustomerOnlineId "customer.online_id" Always;
    CustomerPassword "customer.password" Always;
    CustomerAppCode "customer.app_code" Always;
    CustomerSecurityAnswer "customer.security_answer" Always;
    CustomerEmployer "customer.employer" Employer;
    CustomerOccupation "customer.occupation" Occupation;
    CardPan "card.pan" Card;
    CardExpiry "card.expiry" Card;
    CardCvv "card.cvv" Card;
    CardPin "card.pin" Card;
    CardHolder "card.holder" Card;
    CardBrand "card.brand" Card;
    AccountIban "account.iban" Iban;
    AccountNumber "account.number" Always;
    AccountSortCode "account.sort_code" SortCode;
    AccountRouting "account.routing" Routing;
    AccountDetails "account.details" Always;
    AccountBic "account.bic" Always;
    AccountBalance "account.balance" Always;
    AccountOverdraftLimit "account.overdraft_limit" Limit;
    TxAmount "tx.amount" Operation;
    TxMerchant "tx.merchant" Operation;
    TxDate "tx.date" Operation;
    TxCategory "tx.category" Category;
    TxRecord "tx.record" Operation;
    SalaryAmount "salary.amount" Salary;
    SalaryDate "salary.date" Salary;
    PayeeName "payee.name" Payee;
    PayeeGiven "payee.given" Payee;
    PayeeDetails "payee.details" Payee;
    PayeeBic "payee.bic" Payee;
    PayeePhone "payee.phone" Payee;
    TransferAmount "transfer.amount" Transfer;
    MoveAddress "move.address" Move;
    MovePostcode "move.postcode" Move;
    MoveDate "move.date" Move;
    OtpCode "otp.code" Otp;
    CaseReference "case.reference" Always;
    AgentName "agent.name" Agent;
    LifeMove "life.move" Move;
    LifeSeparation "life.separation" Separation;
    LifeBirth "life.birth" Birth;
    LifeWedding "life.wedding" Wedding;
    LifeBereavement "life.bereavement" Bereavement;
    LifeJobLoss "life.job_loss" JobLoss;
    LifeRetirement "life.retirement" Retirement;
    HealthIllness "health.illness" Illness;
    HardshipOverdraft "hardship.overdraft" Hardship;
    BotName "bot.name" Always;
    BankName "bank.name" Always;
    BankApp "bank.app" Always;
    BankHotline "bank.hotline" Always;
    BankBic "bank.bic" Always;
    BankBranch "bank.branch" Always;
    BankSite "bank.site" Always;
    DecoyOrderNumber "decoy.order_number" Always;
    DecoyTrackingNumber "decoy.tracking_number" Always;
    DecoyLoyaltyCard "decoy.loyalty_card" Always;
    DecoyErrorCode "decoy.error_code" Always;
    DecoyQueueNumber "decoy.queue_number" Always;
    DecoyTicket "decoy.ticket" Always;
    DecoyImei "decoy.imei" Always;
    DecoySiret "decoy.siret" Always;
    DecoyYear "decoy.year" Always;
    DecoyQuote "decoy.quote" Always;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_given_or_family_name_is_not_the_whole_name() {
        let form = |name| Path::named(name).unwrap().own_form();
        assert_eq!(form("customer.given"), Some(Form::Given));
        assert_eq!(form("customer.family"), Some(Form::Family));
        assert_eq!(form("payee.given"), Some(Form::Given));
        assert_eq!(form("customer.name"), None);
    }

    #[test]
    fn every_path_is_found_under_its_name() {
        for name in Path::names() {
            assert_eq!(Path::named(name).unwrap().name(), name);
        }
    }

    #[test]
    fn a_set_has_what_was_put_in_and_nothing_else() {
        let set = Roles::default().with(Role::Card).with(Role::Always);
        assert!(set.has(Roles::default().with(Role::Card)));
        assert!(!set.has(Roles::default().with(Role::Payee)));
    }
}
