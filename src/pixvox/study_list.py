"""The studies: what each compares, with which settings and seeds, and the function that measures a row."""

from pixvox import study_list_digits_clothes, study_list_faces_pets, study_list_voxels
from pixvox.study import Study

STUDIES: dict[str, Study] = {
    **study_list_digits_clothes.STUDIES,
    **study_list_faces_pets.STUDIES,
    **study_list_voxels.STUDIES,
}
