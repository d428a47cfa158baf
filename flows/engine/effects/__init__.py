"""The effects, one file each, found by their name in a script."""

from __future__ import annotations

from collections.abc import Mapping

from flows.engine.effects.agree import Agree
from flows.engine.effects.base import Effect
from flows.engine.effects.begin_wish import BeginWish
from flows.engine.effects.bring_employer import BringEmployer
from flows.engine.effects.contact_as_before import ContactAsBefore
from flows.engine.effects.contact_less import ContactLess
from flows.engine.effects.decline import Decline
from flows.engine.effects.forget_me import ForgetMe
from flows.engine.effects.job_ended import JobEnded
from flows.engine.effects.note_referral import NoteReferral
from flows.engine.effects.note_step import NoteStep
from flows.engine.effects.only_backup import OnlyBackup
from flows.engine.effects.pause_contact import PauseContact
from flows.engine.effects.referral_said import ReferralSaid
from flows.engine.effects.remind import Remind
from flows.engine.effects.report_better import ReportBetter
from flows.engine.effects.report_sick import ReportSick
from flows.engine.effects.resume_contact import ResumeContact
from flows.engine.effects.set_contact import SetContact
from flows.engine.effects.set_language import SetLanguage
from flows.engine.effects.set_work import SetWork
from flows.engine.effects.show import Show
from flows.engine.effects.sos import Sos
from flows.engine.effects.start import Start
from flows.engine.effects.stop_contact import StopContact
from flows.engine.effects.take_part import TakePart

EFFECTS: Mapping[str, type[Effect]] = {
    effect.name: effect
    for effect in (
        TakePart,
        Decline,
        SetLanguage,
        StopContact,
        OnlyBackup,
        PauseContact,
        ResumeContact,
        ContactLess,
        ContactAsBefore,
        JobEnded,
        ForgetMe,
        ReportSick,
        ReportBetter,
        Remind,
        Show,
        Start,
        BeginWish,
        Sos,
        Agree,
        SetContact,
        SetWork,
        BringEmployer,
        NoteReferral,
        ReferralSaid,
        NoteStep,
    )
}

__all__ = ["EFFECTS", "Effect"]
