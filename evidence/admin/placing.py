"""Forms that tell each rule of a model at the field where it is mended."""

from typing import Any, ClassVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from evidence.admin.base import DeskForm


class PlacingForm(DeskForm):
    """`places` says at which field a constraint's own sentence is told; `helps`, what to write."""

    places: ClassVar[dict[str, str]] = {}
    helps: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.helps.keys() & self.fields.keys():
            self.fields[name].help_text = self.helps[name]

    def _update_errors(self, errors: ValidationError) -> None:
        """Django tells constraints of the form as a whole: it knows the sentence, not the field."""
        if hasattr(errors, "error_dict") and NON_FIELD_ERRORS in errors.error_dict:
            told: list[Any] = errors.error_dict.pop(NON_FIELD_ERRORS)
            at = self._places_by_sentence()
            for error in told:
                place = at.get(error.messages[0], NON_FIELD_ERRORS)
                errors.error_dict.setdefault(place, []).append(error)
        super()._update_errors(errors)  # type: ignore[misc]  # Django's own, without a public name

    def _places_by_sentence(self) -> dict[str, str]:
        constraints = self._meta.model._meta.constraints
        return {
            str(each.get_violation_error_message()): self.places[each.name]
            for each in constraints
            if self.places.get(each.name, "") in self.fields
        }
