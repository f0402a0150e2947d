"""What a snapshot says of places: SQL that other modules' statements build on."""

# One row a village valid on {on}: id, code, and its kind of area, its own or the nearest holder's.
VILLAGES = """
    SELECT village.id, village.code,
           (SELECT class.kind
            FROM locations_areaclass class JOIN locations_place place ON place.id = class.place_id
            WHERE place.code IN (village.code, left(village.code, 6), left(village.code, 4),
                                 left(village.code, 2))
              AND class.start <= {on} AND (class."end" IS NULL OR class."end" > {on})
            ORDER BY length(place.code) DESC LIMIT 1) AS area_class
    FROM locations_place village WHERE village.level = 'village'
"""
