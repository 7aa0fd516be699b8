//! The facts that a phrase or a plot can name: `card.pan`, `payee.name`, `life.move`, …
//!
//! A **role** is who or what a fact is about; a conversation's cast fills some of them, and a phrase
//! is said only where its roles are filled.

use crate::conversation::{Form, names};
use serde::{Deserialize, Serialize};

names! {
    /// Who or what a fact is about.
    pub enum Role {
        /// Always there: customer, bank, main account, generated decoys.
        Always = "always",
        /// The card that the conversation is about.
        Card = "card",
        /// A French or British account has an IBAN.
        Iban = "iban",
        /// A French account has a RIB.
        Rib = "rib",
        /// A British account has a sort code.
        SortCode = "sort_code",
        /// An American account has a routing number.
        Routing = "routing",
        /// An operation of the ledger.
        Operation = "operation",
        /// An operation that has a spending category.
        Category = "category",
        /// A salary that was paid.
        Salary = "salary",
        /// The customer has an employer.
        Employer = "employer",
        /// The customer has an occupation.
        Occupation = "occupation",
        /// A third person who is paid.
        Payee = "payee",
        /// A payee whose account is in another country.
        Abroad = "abroad",
        /// An amount to be transferred.
        Transfer = "transfer",
        /// A transfer that the ledger has.
        Sent = "sent",
        /// A transfer from somebody that the ledger has.
        Received = "received",
        /// A direct debit that the ledger has.
        Debit = "debit",
        /// A cash withdrawal that the ledger has.
        Cash = "cash",
        /// A fee that the ledger has.
        Fee = "fee",
        /// A rent that the ledger has.
        Rent = "rent",
        /// A move to another address, past or near.
        Move = "move",
        /// A one-time code that is on its way.
        Otp = "otp",
        /// A human agent.
        Agent = "agent",
        /// A bot that speaks: until a human takes over.
        Bot = "bot",
        /// A separation.
        Separation = "separation",
        /// A birth.
        Birth = "birth",
        /// A wedding.
        Wedding = "wedding",
        /// A bereavement.
        Bereavement = "bereavement",
        /// A job lost.
        JobLoss = "job_loss",
        /// A job found or changed.
        NewJob = "new_job",
        /// A retirement.
        Retirement = "retirement",
        /// An illness.
        Illness = "illness",
        /// Money trouble.
        Hardship = "hardship",
        /// An overdraft or credit limit.
        Limit = "limit",
        /// A husband or a wife.
        Spouse = "spouse",
        /// A husband or a wife who died lately.
        Widowed = "widowed",
        /// A husband, a wife or a companion from whom the customer separated lately.
        Ex = "ex",
        /// Little money on the account.
        Low = "low",
        /// A purchase that the money on the account does not pay for.
        Uncovered = "uncovered",
        /// A savings account.
        Savings = "savings",
        /// A loan that is being paid back.
        Loan = "loan",
        /// A home loan that is being paid back.
        Mortgage = "mortgage",
        /// A husband, wife or partner.
        Partner = "partner",
        /// A marital status that people speak of.
        Marital = "marital",
        /// A nationality that the customer speaks of.
        Nationality = "nationality",
        /// A foreign customer with a number of another country.
        Foreigner = "foreigner",
        /// A citizen of the country, with its papers.
        Citizen = "citizen",
        /// A car.
        Driver = "driver",
        /// A business of the customer's own.
        Business = "business",
        /// One with a French company number.
        Siren = "siren",
        /// One with a VAT number.
        Vat = "vat",
        /// Securities.
        Investor = "investor",
        /// Crypto-assets.
        Crypto = "crypto",
        /// A pregnancy.
        Pregnancy = "pregnancy",
        /// Gambling.
        Gambling = "gambling",
        /// Gifts to a religious community.
        Religion = "religion",
        /// Union dues.
        Union = "union",
        /// Gifts to a party.
        Politics = "politics",
        /// A same-sex partner, or a dating service.
        Sexuality = "sexuality",
        /// Family in another country.
        Origin = "origin",
        /// Trouble with courts.
        Courts = "courts",
        /// A new telephone number, past or near.
        NewPhone = "new_phone",
        /// A new e-mail address, past or near.
        NewEmail = "new_email",
        /// A new card after the old one.
        NewCard = "new_card",
        /// A direct debit under a SEPA mandate.
        Mandate = "mandate",
    }
}

/// A set of roles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Roles(u128);

impl Roles {
    /// The set with one more.
    #[must_use]
    pub fn with(self, role: Role) -> Roles {
        if role == Role::Always {
            self
        } else {
            Roles(self.0 | 1 << role as u64)
        }
    }

    /// The set with one less.
    #[must_use]
    pub fn without(self, role: Role) -> Roles {
        Roles(self.0 & !Roles::default().with(role).0)
    }

    /// Are all of `needed` in it?
    pub fn has(self, needed: Roles) -> bool {
        self.0 & needed.0 == needed.0
    }

    /// What is in both sets.
    #[must_use]
    pub fn and(self, others: Roles) -> Roles {
        Roles(self.0 & others.0)
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
                    Path::CustomerGiven
                    | Path::PayeeGiven
                    | Path::SentGiven
                    | Path::PartnerGiven
                    | Path::OtherGiven => Some(Form::Given),
                    Path::CustomerFamily => Some(Form::Family),
                    _ => None,
                }
            }

            /// What stands before the dot: `card` of `card.pan`.
            fn subject(self) -> &'static str {
                self.name().split_once('.').map_or("", |(subject, _)| subject)
            }

            /// Does it name who or what the customer is to the bank: the person, the card, the account?
            pub fn is_of_customer(self) -> bool {
                matches!(self.subject(), "customer" | "card" | "account")
            }

            /// Does it name the purchase that is the subject?
            pub fn is_of_operation(self) -> bool {
                matches!(self.subject(), "tx" | "spend")
            }

            /// Can its value be said aloud? What depends on the case of its letters, is pasted, or is
            /// copied with its brackets and dashes cannot.
            pub fn is_aloud(self) -> bool {
                let kind = self.name().split('.').next();
                !matches!(kind, Some("session" | "secret" | "crypto"))
                    && !matches!(
                        self,
                        Path::CustomerPassword
                            | Path::DecoyLawArticle
                            | Path::DecoyHash
                            | Path::DecoyCommit
                            | Path::DecoyTimestamp
                            | Path::DecoyProductCode
                            | Path::DecoyLei
                            | Path::DecoyCompanyPhone
                            | Path::DecoyScamPhone
                            | Path::CustomerHandle
                            | Path::CustomerPsid
                            | Path::CustomerLocation
                            | Path::CustomerDevice
                            | Path::CustomerMrz
                            | Path::CustomerDocument
                            | Path::HoldingLine
                            | Path::TxRecord
                            | Path::DebitRecord
                            | Path::BankSite
                            | Path::DecoyScamLink
                    )
            }

            /// Does it name a fact that words of a phrase state, and no value?
            pub fn is_stated(self) -> bool {
                let kind = self.name().split('.').next();
                matches!(kind, Some("life" | "health" | "hardship" | "infer"))
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
    BotName "bot.name" Bot;
    BankName "bank.name" Always;
    BankApp "bank.app" Always;
    BankHotline "bank.hotline" Always;
    BankBic "bank.bic" Always;
    BankBranch "bank.branch" Always;
    BankSite "bank.site" Always;
    CustomerTitle "customer.title" Always;
    CustomerBirthPlace "customer.birth_place" Always;
    CustomerNationality "customer.nationality" Nationality;
    CustomerMarital "customer.marital" Marital;
    CustomerHandle "customer.handle" Always;
    CustomerPsid "customer.psid" Always;
    CustomerLocation "customer.location" Always;
    CustomerDevice "customer.device" Always;
    CustomerTaxId "customer.tax_id" Always;
    CustomerIdCard "customer.id_card" Citizen;
    CustomerPassport "customer.passport" Citizen;
    CustomerMrz "customer.mrz" Citizen;
    CustomerDrivingLicence "customer.driving_licence" Driver;
    CustomerPlate "customer.plate" Driver;
    CustomerHealthNumber "customer.health_number" Always;
    CustomerForeignId "customer.foreign_id" Foreigner;
    CustomerDocument "customer.document" Always;
    CardLimit "card.limit" Card;
    CardLimitWanted "card.limit_wanted" Card;
    CardNewPan "card.new_pan" NewCard;
    CardOldPan "card.old_pan" NewCard;
    AccountRib "account.rib" Rib;
    AccountChequeNumber "account.cheque_number" Always;
    SavingsBalance "savings.balance" Savings;
    SavingsName "savings.name" Savings;
    LoanPrincipal "loan.principal" Loan;
    LoanInstalment "loan.instalment" Loan;
    LoanRate "loan.rate" Loan;
    LoanRemaining "loan.remaining" Loan;
    LoanContract "loan.contract" Loan;
    LoanWanted "loan.wanted" Always;
    LoanWantedInstalment "loan.wanted_instalment" Always;
    LoanWantedRate "loan.wanted_rate" Always;
    MortgagePrincipal "mortgage.principal" Mortgage;
    MortgageInstalment "mortgage.instalment" Mortgage;
    MortgageRate "mortgage.rate" Mortgage;
    MortgageRemaining "mortgage.remaining" Mortgage;
    MortgageWanted "mortgage.wanted" Always;
    MortgageWantedInstalment "mortgage.wanted_instalment" Always;
    MortgageWantedRate "mortgage.wanted_rate" Always;
    CreditScore "credit.score" Always;
    HoldingIsin "holding.isin" Investor;
    HoldingLine "holding.line" Investor;
    HoldingValue "holding.value" Investor;
    CryptoAddress "crypto.address" Crypto;
    CryptoSeed "crypto.seed" Crypto;
    TxReference "tx.reference" Operation;
    SpendTotal "spend.total" Category;
    DebitMerchant "debit.merchant" Debit;
    DebitAmount "debit.amount" Debit;
    DebitDate "debit.date" Debit;
    DebitRecord "debit.record" Debit;
    DebitReference "debit.reference" Debit;
    DebitIcs "debit.ics" Mandate;
    BillReference "bill.reference" Debit;
    SentName "sent.name" Sent;
    SentGiven "sent.given" Sent;
    SentAmount "sent.amount" Sent;
    SentDate "sent.date" Sent;
    SentReference "sent.reference" Sent;
    ReceivedName "received.name" Received;
    ReceivedAmount "received.amount" Received;
    ReceivedDate "received.date" Received;
    CashAmount "cash.amount" Cash;
    CashDate "cash.date" Cash;
    FeeAmount "fee.amount" Fee;
    FeeDate "fee.date" Fee;
    RentAmount "rent.amount" Rent;
    AbroadName "abroad.name" Abroad;
    AbroadIban "abroad.iban" Abroad;
    AbroadBic "abroad.bic" Abroad;
    AbroadCountry "abroad.country" Abroad;
    BusinessName "business.name" Business;
    BusinessNumber "business.number" Siren;
    BusinessVat "business.vat" Vat;
    PartnerName "partner.name" Partner;
    PartnerGiven "partner.given" Partner;
    OtherName "other.name" Always;
    OtherGiven "other.given" Always;
    OtherBirthDate "other.birth_date" Always;
    OtherPhone "other.phone" Always;
    MoveFromAddress "move.from_address" Move;
    MoveFromPostcode "move.from_postcode" Move;
    NewPhone "new.phone" NewPhone;
    OldPhone "old.phone" NewPhone;
    NewEmail "new.email" NewEmail;
    OldEmail "old.email" NewEmail;
    NewEmployer "new.employer" NewJob;
    ContractNumber "contract.number" Always;
    TransactionReference "transaction.reference" Always;
    SecretLink "secret.link" Always;
    SecretToken "secret.token" Always;
    SessionCookie "session.cookie" Always;
    SessionAgent "session.agent" Always;
    SessionIp "session.ip" Always;
    SessionMessage "session.message" Always;
    AppointmentDate "appointment.date" Always;
    AdviserName "adviser.name" Always;
    LifeNewJob "life.new_job" NewJob;
    LifeProject "life.project" Always;
    HardshipState "hardship.state" Hardship;
    InferPregnancy "infer.pregnancy" Pregnancy;
    InferGambling "infer.gambling" Gambling;
    InferReligion "infer.religion" Religion;
    InferUnion "infer.union" Union;
    InferPolitics "infer.politics" Politics;
    InferSexuality "infer.sexuality" Sexuality;
    InferOrigin "infer.origin" Origin;
    InferCourts "infer.courts" Courts;
    DecoyCompanyPhone "decoy.company_phone" Always;
    DecoyLawArticle "decoy.law_article" Always;
    DecoyInvoice "decoy.invoice" Always;
    DecoyPublicIban "decoy.public_iban" Always;
    DecoyPublicFigure "decoy.public_figure" Always;
    DecoyVersion "decoy.version" Always;
    DecoyTime "decoy.time" Always;
    DecoyIccid "decoy.iccid" Always;
    DecoyLei "decoy.lei" Always;
    DecoyAtm "decoy.atm" Always;
    DecoyParcel "decoy.parcel" Always;
    DecoyProductCode "decoy.product_code" Always;
    DecoyHash "decoy.hash" Always;
    DecoyCommit "decoy.commit" Always;
    DecoyTimestamp "decoy.timestamp" Always;
    DecoyScamLink "decoy.scam_link" Always;
    DecoyScamPhone "decoy.scam_phone" Always;
    DecoyShortCode "decoy.short_code" Always;
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
